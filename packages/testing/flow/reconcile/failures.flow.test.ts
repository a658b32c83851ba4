/** Tests how reconcile handles rows that fail and attempts that cannot start. */
import { nextTry } from "@rushes/core/job/row";
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { captureStdout } from "../../output.ts";
import { change, dueNow, fill, jobRow } from "../../rows.ts";

const { stack, core } = await startCore();

const MINUTE = 60_000;

/** Runs reconcile, and returns the number of failed rows that it logs. */
async function reconcile(): Promise<number> {
  const lines = await captureStdout(() => core.reconcile());
  const line = lines.find((one) => one.includes("ReconcileFailures")) ?? "{}";
  return JSON.parse(line).ReconcileFailures;
}

test("reports and postpones rows that fail, and handles all others", async () => {
  const job = jobRow({ title: "finished.mp4" });
  const notice = core.table.key.notice(job.id, 1);
  const broken = [
    { ...core.table.key.job("job_broken"), ...dueNow("job", "job_broken") },
    { ...core.table.key.upload("upl_broken"), ...dueNow("upload", "upl_broken") },
    { ...core.table.key.notice("job_broken", 1), ...dueNow("notice", "job_broken") },
  ];
  await fill([
    ...broken,
    job,
    {
      ...{ ...notice, ...dueNow("notice", job.id) },
      ...{ jobId: job.id, attempt: 1, state: "due", tries: 0, outcome: "complete" },
    },
  ]);
  expect(await reconcile()).toBe(broken.length);
  expect(JSON.stringify(await stack.mails())).toContain("finished.mp4");
  for (const { pk, sk } of broken) {
    const row = await core.table.get({ pk, sk });
    const [time = "", ...id] = String(row?.dueSk).split("#");
    expect(Date.parse(time)).toBeGreaterThan(Date.now() + 4 * MINUTE);
    expect(id.join("#")).toMatch(/_broken$/);
  }
  // A row that always fails must not block the rows after it.
  expect(await reconcile()).toBe(0);
});

test("fails an attempt that never starts, with a mail, and allows a retry", async () => {
  const row = jobRow({ title: "unstarted.mp4", status: "received" });
  const { bucket, key } = row.source;
  const clip = Buffer.concat([Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), Buffer.alloc(64)]);
  await core.put(stack, key, clip);
  const source = { bucket, key, sizeBytes: clip.length, etag: "", sequencer: "00" };
  const id = core.id(row.id);
  await fill([{ ...row, source, submitTries: 0, encoderJobId: undefined }]);
  await stack.stopEncoder();
  const at = core.table.key.job(id);
  let runs = 0;
  for (let status = "received"; status === "received"; runs += 1) {
    if (runs > 20) throw new Error("Reconcile does not stop retrying.");
    await change(at, dueNow("job", id));
    const failed = await reconcile();
    status = String((await core.table.get(at))?.status);
    expect(failed).toBe(status === "received" ? 1 : 0);
  }
  expect(runs).toBe(9);
  const { job, events } = await core.asOwner(() => core.job.details(id));
  expect(job).toMatchObject({ status: "error", failure: { type: "encoder.unavailable" } });
  expect(events.map(({ type }) => type)).toContain("job.error");
  await core.notify(id);
  expect(JSON.stringify(await stack.mails())).toContain("unstarted.mp4");
  const again = await core.asOwner(() => core.job.retry(id));
  expect(again).toMatchObject({ status: "received", attempt: 2 });
  expect(await core.table.get(at)).toMatchObject({ startTries: 0 });
});

test("doubles the wait between two starts from half a minute to half an hour, for an hour and a half", () => {
  const waits = Array.from({ length: 8 }, (_, tries) => Date.parse(nextTry(tries, 0)) / MINUTE);
  expect(waits).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30]);
});
