import { withActor } from "@rushes/core/actor";
import * as Transcode from "@rushes/core/pipeline/progress";

/** MediaConvert's state changes, from the event bus. */
export async function handler(event: { detail: unknown }): Promise<void> {
  const news = Transcode.parse(event.detail);
  if (news) await withActor({ type: "system" }, () => Transcode.hear(news));
}
