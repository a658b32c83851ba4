import { withActor } from "@rushes/core/actor";
import * as Notify from "@rushes/core/pipeline/notify";

/** What became of our mails, as SES tells it on the event bus. */
export async function handler(event: unknown): Promise<void> {
  const feedback = Notify.parse(event);
  if (feedback) await withActor({ type: "system" }, () => Notify.hear(feedback));
}
