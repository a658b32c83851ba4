import { BatchWriteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { loadCore } from "../../core.ts";
import { type EmittedEvent, isBus } from "../../events.ts";
import { sampleVideo } from "../../sample-video.ts";
import { type Stack, startStack } from "../../stack.ts";

/**
 * Records one real run: every event that S3 and the encoder sent for one job, and the job's rows after
 * its submission. Each case restores those rows and delivers the same events again, in any order, some
 * of them twice or concurrently.
 */
let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let events: EmittedEvent[];
let jobId: string;
let submitted: Record<string, unknown>[];

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  const clip = await sampleVideo(stack.folder, "clip.mp4");
  const created = await core.put(stack, "order.mp4", clip);
  await core.deliver(created);
  jobId = (await core.only("order")).id;
  submitted = await rows();
  await stack.event(isBus("COMPLETE", jobId));
  const landed = () =>
    stack.events.filter((one) => "queue" in one && one.queue === "rendition-created");
  await vi.waitUntil(() => landed().length === 3, { timeout: 10_000 });
  events = stack.events.filter((one) => JSON.stringify(one).includes(jobId) || one === created);
});
afterAll(() => stack.close());

function rows() {
  return core.table.queryAll({ partition: core.table.key.job(jobId).pk });
}

async function restore(changes: Record<string, unknown> = {}) {
  await core.table.removeAll(
    (await rows()).map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })),
  );
  const items = submitted.map((row) => (row.sk === "JOB" ? { ...row, ...changes } : row));
  await core.table.client.send(
    new BatchWriteCommand({
      RequestItems: { rushes: items.map((Item) => ({ PutRequest: { Item } })) },
    }),
  );
}

/** Every event at least once, some twice, shuffled, delivered one to three at a time. */
function deliveries() {
  return fc
    .tuple(
      fc.array(fc.nat(events.length - 1), { maxLength: events.length }),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
    )
    .chain(([repeats, widths]) =>
      fc.tuple(
        fc.shuffledSubarray(
          [...events.keys(), ...repeats].map((index, at) => ({ index, at })),
          {
            minLength: events.length + repeats.length,
          },
        ),
        fc.constant(widths),
      ),
    )
    .map(([order, widths]) => {
      const groups: number[][] = [];
      for (let at = 0; at < order.length; ) {
        const width = widths[groups.length % widths.length] ?? 1;
        groups.push(order.slice(at, at + width).map(({ index }) => index));
        at += width;
      }
      return groups;
    });
}

async function deliver(groups: number[][]) {
  const statuses: string[] = [];
  let progress = -1;
  for (const group of groups) {
    await Promise.all(
      group.map(async (index) => {
        const event = events[index];
        if (event) await core.deliver(event);
      }),
    );
    await Promise.all([core.notify(jobId), core.notify(jobId)]);
    const { job } = await core.asOwner(() => core.job.details(core.id(jobId)));
    expect(job.progressPercent).toBeGreaterThanOrEqual(progress);
    progress = job.progressPercent;
    statuses.push(job.status);
  }
  return statuses;
}

const RANK = ["received", "submitted", "progressing", "checking", "complete"];
function expectForward(statuses: string[]) {
  const ranks = statuses.map((status) => RANK.indexOf(status));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
}

async function sent() {
  return (await stack.mails()).filter((one) => one.subject.includes("order.mp4")).length;
}

async function expectOneOfEach(mailsBefore: number) {
  expect(await core.encoderJobs(jobId)).toHaveLength(1);
  expect((await sent()) - mailsBefore).toBe(1);
  const {
    job,
    renditions,
    events: timeline,
  } = await core.asOwner(() => core.job.details(core.id(jobId)));
  expect(job).toMatchObject({ status: "complete", progressPercent: 100 });
  expect(renditions).toHaveLength(4);
  const steps = timeline.map((step) => `${step.type} ${step.detail?.label ?? ""}`);
  expect(new Set(steps).size).toBe(steps.length);
  expect((await core.asOwner(() => core.job.list({}))).jobs).toHaveLength(1);
}

test("produces one job, one submission and one mail for events in any order, repeated or concurrent", async () => {
  await fc.assert(
    fc.asyncProperty(deliveries(), async (groups) => {
      await restore();
      const mails = await sent();
      expectForward(await deliver(groups));
      await expectOneOfEach(mails);
    }),
    { numRuns: 10 },
  );
});

test("finds a job whose submission was not recorded at the encoder, and does not submit it again", async () => {
  // After the minute in which the encoder's idempotency token would return the existing job.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
  onTestFinished(() => void vi.useRealTimers());
  await fc.assert(
    fc.asyncProperty(deliveries(), async (groups) => {
      await restore({
        status: "received",
        encoderJobId: undefined,
        submitLease: new Date(0).toISOString(),
      });
      const mails = await sent();
      expectForward(await deliver(groups));
      await expectOneOfEach(mails);
    }),
    // First in their original order, in which the source's event always finds the submission.
    { numRuns: 5, examples: [[[...events.keys()].map((index) => [index])]] },
  );
});

test("ignores events of an older attempt", async () => {
  await restore({ attempt: 2 });
  const before = await rows();
  const mails = await sent();
  for (const event of events) await core.deliver(event);
  await core.notify(jobId);
  expect(await rows()).toEqual(before);
  expect(await sent()).toBe(mails);
});

test("sends a mail with reconcile if its sender died, and sends no second one", async () => {
  await restore();
  const mails = await sent();
  for (const event of events) await core.deliver(event);
  const [notice] = (await rows()).filter((row) => String(row.sk).startsWith("NOTICE#"));
  const past = new Date(Date.now() - 1000).toISOString();
  await core.table.client.send(
    new PutCommand({
      TableName: "rushes",
      Item: { ...notice, state: "sending", tries: 1, leaseUntil: past, dueSk: `${past}#${jobId}` },
    }),
  );
  await Promise.all([core.reconcile(), core.reconcile()]);
  await core.notify(jobId);
  expect((await sent()) - mails).toBe(1);
});

test("reads from the encoder, in reconcile, a result whose event was lost", async () => {
  const past = new Date(Date.now() - 1000).toISOString();
  await restore({ dueSk: `${past}#${jobId}` });
  const mails = await sent();
  await core.reconcile();
  await core.notify(jobId);
  await expectOneOfEach(mails);
});

test("completes, in reconcile, a job whose check was interrupted", async () => {
  const past = new Date(Date.now() - 1000).toISOString();
  await restore({ status: "checking", dueSk: `${past}#${jobId}` });
  const mails = await sent();
  await core.reconcile();
  await core.notify(jobId);
  await expectOneOfEach(mails);
});

test("fails a job that the encoder does not know in two attempts", async () => {
  const past = new Date(Date.now() - 1000).toISOString();
  const lost = { dueSk: `${past}#${jobId}`, encoderJobId: "1700000000000-aaaaaa" };
  await restore({ ...lost, automatic: true });
  await core.reconcile();
  const { job } = await core.asOwner(() => core.job.details(core.id(jobId)));
  expect(job).toMatchObject({ status: "error", failure: { type: "encoder.lost" } });
});

test("ignores late progress", async () => {
  await restore();
  const begun = events.find(isBus("PROGRESSING", jobId));
  if (!begun || !("bus" in begun)) throw new Error("The encoder never said that it began.");
  const afterUpdate = async (percent: number) => {
    const detail = { status: "STATUS_UPDATE", jobProgress: { jobPercentComplete: percent } };
    const bus = { ...begun.bus, detail: { ...begun.bus.detail, ...detail } };
    await core.deliver({ bus });
    return (await core.asOwner(() => core.job.details(core.id(jobId)))).job;
  };
  await core.deliver(begun);
  expect(await afterUpdate(40)).toMatchObject({ status: "progressing", progressPercent: 40 });
  expect(await afterUpdate(20)).toMatchObject({ status: "progressing", progressPercent: 40 });
});
