import { withActor } from "@rushes/core/actor";
import { parseUpdate } from "@rushes/core/encoder/update";
import { applyUpdate } from "@rushes/core/pipeline/progress";

/** MediaConvert's state changes, from the event bus. */
export async function handler(event: { detail: unknown }): Promise<void> {
  const update = parseUpdate(event.detail);
  if (update) await withActor({ type: "system" }, () => applyUpdate(update));
}
