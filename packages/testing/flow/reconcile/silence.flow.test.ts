import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { captureStdout } from "../../output.ts";
import { dueNow, fill, jobRow } from "../../rows.ts";

const { core } = await startCore();

const HOUR = 3_600_000;

/** A job without an event of the encoder for this long, which reconcile has to check. */
function silent(ms: number) {
  const row = jobRow({ status: "progressing", created: Date.now() - ms });
  return { ...row, landed: undefined, ...dueNow("job", row.id) };
}

test("logs in each run how many jobs are stuck and for how long, as CloudWatch metrics", async () => {
  await fill([silent(2 * HOUR), silent(HOUR), silent(60_000), jobRow({ created: 0 })]);
  const lines = await captureStdout(() => core.reconcile());
  const line = JSON.parse(lines.find((one) => one.includes("_aws")) ?? "{}");
  expect(line).toMatchObject({ App: "rushes", Stage: "test", SilentJobs: 2 });
  expect(line.OldestSilence).toBeGreaterThanOrEqual(7200);
  expect(line.OldestSilence).toBeLessThan(7300);
  // CloudWatch silently drops a line that lacks a declared metric or dimension.
  const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
  expect(Namespace).toBe("Rushes");
  for (const name of [...Dimensions.flat(), ...Metrics.map(({ Name }: { Name: string }) => Name)]) {
    expect(line).toHaveProperty(name);
  }
});
