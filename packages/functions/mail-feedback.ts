import { withActor } from "@rushes/core/actor";
import * as Feedback from "@rushes/core/pipeline/feedback";

/** What became of our mails, as SES tells it on the event bus. */
export async function handler(event: unknown): Promise<void> {
  const feedback = Feedback.parse(event);
  if (feedback) await withActor({ type: "system" }, () => Feedback.hear(feedback));
}
