import { resource } from "@rushes/core/resource";

/**
 * A line of the log that CloudWatch makes metrics of, which takes no permission and no call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function silenceMetric(
  silence: { jobs: number; oldestSeconds: number },
  now = Date.now(),
): string {
  const { name, stage } = resource().App;
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: "Rushes",
          Dimensions: [["App", "Stage"]],
          Metrics: [
            { Name: "SilentJobs", Unit: "Count" },
            { Name: "OldestSilence", Unit: "Seconds" },
          ],
        },
      ],
    },
    App: name,
    Stage: stage,
    SilentJobs: silence.jobs,
    OldestSilence: silence.oldestSeconds,
  });
}
