import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stateChange } from "./events.ts";
import type { JobRecord, JobStatus } from "./job.ts";
import { JobStore } from "./store.ts";

let folder = "";
let store: JobStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-store-"));
  store = await JobStore.open(folder, NOW);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const NOW = 1_800_000_000_000;
const job = (
  number: number,
  status: JobStatus = "SUBMITTED",
  submitted = NOW + number,
): JobRecord => ({
  id: `${submitted}-abcdef`,
  arn: `arn:aws:mediaconvert:us-east-1:000000000000:jobs/${number}`,
  queue: "Default",
  role: "role",
  status,
  settings: { inputs: [], outputGroups: [] },
  userMetadata: {},
  statusUpdateInterval: "SECONDS_10",
  percent: 0,
  time: { submitted },
  info: [],
});

test("remembers a token and its request for one minute", async () => {
  await store.save(job(1), [], { name: "token", body: "{}" });
  const after = (ms: number, body: string) => store.byToken("token", body, NOW + 1 + ms);
  expect((await after(59_000, "{}"))?.same).toBe(true);
  expect((await after(59_000, "{ }"))?.same).toBe(false);
  expect(await after(60_000, "{}")).toBeUndefined();
});

test("lists every job once over several pages, in both orders", async () => {
  const ids = [0, 1, 2, 3, 4].map((number) => job(number).id);
  for (const number of [3, 0, 4, 1, 2]) await store.save(job(number), []);
  for (const ascending of [true, false]) {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await store.list({ ascending, after, limit: 2 });
      seen.push(...page.jobs.map((found) => found.id));
      after = page.next;
    } while (after);
    expect(seen).toEqual(ascending ? ids : ids.toReversed());
  }
});

test("keeps unfinished jobs and the order of events over a restart", async () => {
  const [ended, running] = [job(1, "COMPLETE"), job(2, "PROGRESSING")];
  for (let i = 0; i < 12; i++) {
    await store.save(running, [stateChange(running, { status: "PROGRESSING" }, NOW + i)]);
  }
  await store.save(ended, []);
  await store.removeEvent((await store.pendingEvents())[0] ?? "");
  await store.close();
  store = await JobStore.open(folder, NOW);
  await store.save(ended, [stateChange(ended, { status: "CANCELED" }, NOW + 12)]);
  expect(await store.unfinished()).toEqual([running.id]);
  const pending = await Promise.all((await store.pendingEvents()).map((key) => store.event(key)));
  const times = pending.map((event) => event?.detail.timestamp);
  expect(times).toEqual(Array.from({ length: 12 }, (_, i) => NOW + i + 1));
});

test("removes jobs after 90 days", async () => {
  const old = job(1, "COMPLETE", NOW - 91 * 86_400_000);
  await store.save(old, []);
  await store.save(job(2), []);
  await store.close();
  store = await JobStore.open(folder, NOW);
  expect(await store.job(old.id)).toBeUndefined();
  expect((await store.list({ ascending: true, limit: 9 })).jobs).toHaveLength(1);
});
