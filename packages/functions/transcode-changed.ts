import { withActor } from "@rushes/core/actor";
import * as Transcode from "@rushes/core/transcode/index";
import type { EventBridgeEvent } from "aws-lambda";

/** MediaConvert's state changes, from the event bus. */
export async function handler(
  event: EventBridgeEvent<"MediaConvert Job State Change", unknown>,
): Promise<void> {
  const news = Transcode.parse(event.detail);
  if (news) await withActor({ type: "system" }, () => Transcode.hear(news));
}
