import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadCore } from "../../core.ts";
import { fill, jobRow } from "../../rows.ts";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
});
afterAll(() => stack.close());

const HOUR = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** A job that the encoder has not spoken of for so long, and that is due to be looked at. */
function silent(ms: number) {
  const row = jobRow({ status: "progressing", created: Date.now() - ms });
  return { ...row, landed: undefined, ...core.table.index.due("job", row.id, ago(1000)) };
}

test("logs in each run how many jobs are stuck and for how long, as CloudWatch metrics", async () => {
  await fill([silent(2 * HOUR), silent(HOUR), silent(60_000), jobRow({ created: 0 })]);
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    await core.reconcile();
  } finally {
    write.mockRestore();
  }
  const line = JSON.parse(lines.find((one) => one.includes("_aws")) ?? "{}");
  expect(line).toMatchObject({ App: "rushes", Stage: "test", SilentJobs: 2 });
  expect(line.OldestSilence).toBeGreaterThanOrEqual(7200);
  expect(line.OldestSilence).toBeLessThan(7300);
  // What it declares is what it carries, or CloudWatch drops the line without a word.
  const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
  expect(Namespace).toBe("Rushes");
  for (const name of [...Dimensions.flat(), ...Metrics.map(({ Name }: { Name: string }) => Name)]) {
    expect(line).toHaveProperty(name);
  }
});
