import { Logger } from "@aws-lambda-powertools/logger";
import { withActor } from "@rushes/core/actor";
import * as Reconcile from "@rushes/core/pipeline/reconcile";
import { failuresMetric, silenceMetric } from "./metric.ts";

const logger = new Logger({ serviceName: "rushes" });

/** Every minute: looks after whatever has gone silent, and reports for how long it was and what failed. */
export async function handler(): Promise<void> {
  let failures = 0;
  try {
    await withActor({ type: "system" }, () =>
      Reconcile.run({
        onSilence: (silence) => write(silenceMetric(silence)),
        onFailure: ({ row, error }) => {
          failures += 1;
          logger.error("A row failed and will be tried again.", { row, error });
        },
      }),
    );
  } finally {
    write(failuresMetric(failures));
  }
}

/** Not by the console, which Lambda wraps: CloudWatch reads metrics out of whole lines only. */
function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
