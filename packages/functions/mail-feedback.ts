import { withActor } from "@rushes/core/actor";
import { recordFeedback } from "@rushes/core/pipeline/feedback";
import { parseFeedback } from "@rushes/core/pipeline/feedback-event";

/** SES's events about what happened to each mail, from the event bus. */
export async function handler(event: unknown): Promise<void> {
  const feedback = parseFeedback(event);
  if (feedback) await withActor({ type: "system" }, () => recordFeedback(feedback));
}
