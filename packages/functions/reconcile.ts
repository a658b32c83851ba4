import { withActor } from "@rushes/core/actor";
import * as Reconcile from "@rushes/core/reconcile";

/** Every minute: looks after whatever has gone silent. */
export async function handler(): Promise<void> {
  await withActor({ type: "system" }, () => Reconcile.run());
}
