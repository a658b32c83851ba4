import { withActor } from "@rushes/core/actor";
import * as Reconcile from "@rushes/core/reconcile";
import { silenceMetric } from "./metric.ts";

/** Every minute: looks after whatever has gone silent, and says for how long it was. */
export async function handler(): Promise<void> {
  await withActor({ type: "system" }, () =>
    Reconcile.run((silence) => {
      // Not by the console, which Lambda wraps: CloudWatch reads metrics out of whole lines only.
      process.stdout.write(`${silenceMetric(silence)}\n`);
    }),
  );
}
