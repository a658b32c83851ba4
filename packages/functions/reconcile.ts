import { Logger } from "@aws-lambda-powertools/logger";
import { withActor } from "@rushes/core/actor";
import * as Reconcile from "@rushes/core/pipeline/reconcile";
import { failuresMetric, silenceMetric, write } from "./metric.ts";

const logger = new Logger({ serviceName: "rushes" });

/** Runs every minute: continues what has stopped reporting, and reports the silence and the failures. */
export async function handler(): Promise<void> {
  let failures = 0;
  const onSilence = (silence: Reconcile.Silence) => write(silenceMetric(silence));
  const onFailure = ({ row, error }: { row: string; error: unknown }) => {
    failures += 1;
    logger.error("A row failed and will be tried again.", { row, error });
  };
  try {
    await withActor({ type: "system" }, () => Reconcile.run({ onSilence, onFailure }));
  } finally {
    write(failuresMetric(failures));
  }
}
