import type { Silence } from "@rushes/core/pipeline/reconcile";
import { resource } from "@rushes/core/resource";

/** How long jobs have waited for an update. */
export function silenceMetric({ jobs, oldestSeconds }: Silence): string {
  return line([
    { Name: "SilentJobs", Unit: "Count", value: jobs },
    { Name: "OldestSilence", Unit: "Seconds", value: oldestSeconds },
  ]);
}

/** How many rows failed in a run of reconcile. */
export function failuresMetric(rows: number): string {
  return line([{ Name: "ReconcileFailures", Unit: "Count", value: rows }]);
}

/**
 * A log line that CloudWatch turns into metrics. It needs no permission and no request.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function line(metrics: { Name: string; Unit: string; value: number }[]): string {
  const { name, stage } = resource().App;
  return JSON.stringify({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: "Rushes",
          Dimensions: [["App", "Stage"]],
          Metrics: metrics.map(({ Name, Unit }) => ({ Name, Unit })),
        },
      ],
    },
    App: name,
    Stage: stage,
    ...Object.fromEntries(metrics.map(({ Name, value }) => [Name, value])),
  });
}

/** Writes to stdout, because Lambda wraps console output, and CloudWatch reads metrics from whole lines only. */
export function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
