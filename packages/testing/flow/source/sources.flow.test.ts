/** Runs the table of odd sources through the pipeline. `npm run bench -- sources` prints it. */
import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { SOURCES } from "../../sources/index.ts";
import { sourcePath } from "../../sources/make.ts";
import type { Encoded, OddSource } from "../../sources/source.ts";

// Its largest rendition shows what became of a source.
const LARGEST = { summary: "One file.", hls: false, downloads: ["1080p"], usesPresets: true };
const { stack, core } = await startCore({
  profile: "largest",
  profiles: JSON.stringify({ largest: LARGEST }),
});

const ids = new Map<string, string>();
const details = (name: string) =>
  core.asOwner(() => core.job.details(core.id(ids.get(name) ?? "")));

// All at once, so that the encoder works while the first results are compared.
beforeAll(async () => {
  for (const { name } of SOURCES) {
    await core.deliver(await core.put(stack, name, await readFile(await sourcePath(name))));
    ids.set(name, (await core.only(name)).id);
  }
}, 600_000);

test("has at least 60 sources, each with a name of its own", () => {
  expect(SOURCES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(SOURCES.map(({ name }) => name)).size).toBe(SOURCES.length);
});

// In the order in which they were submitted, because the encoder runs one job at a time.
test.each(SOURCES)("$name: $about", { timeout: 300_000 }, async ({ name, outcome }) => {
  if ("rejected" in outcome) return expectRejected(name, outcome.rejected);
  await deliverEnd(name);
  const { job, renditions } = await details(name);
  if ("failed" in outcome) {
    expect(job).toMatchObject({ status: "error", attempt: 1, failureMessage: outcome.failed });
    return;
  }
  expect(job.failureMessage).toBeUndefined();
  expect(job.status).toBe("complete");
  const { seconds, ...rest } = largest(renditions);
  expect(rest).toEqual({ size: outcome.size, sound: outcome.sound });
  expect(Math.abs(seconds - outcome.seconds), `${seconds} s`).toBeLessThan(0.4);
  expect((job.warnings ?? []).map(({ type }) => type)).toEqual(outcome.warnings ?? []);
});

test("leaves no job in flight", async () => {
  const { jobs } = await core.asOwner(() => core.job.list({ limit: 100 }));
  const inFlight = ["received", "submitted", "progressing", "checking"];
  expect(jobs.filter(({ status }) => inFlight.includes(status))).toEqual([]);
});

async function expectRejected(name: OddSource["name"], failureMessage: string) {
  const { job } = await details(name);
  expect(job).toMatchObject({ status: "rejected", failureMessage });
  expect(await core.encoderJobs(job.id)).toEqual([]);
}

/** Delivers the events with which the encoder ends a job. */
async function deliverEnd(name: string) {
  const of = (status: string) => isBus(status, ids.get(name) ?? name);
  const end = await stack.event((one) => of("COMPLETE")(one) || of("ERROR")(one));
  for (const warning of stack.events.filter(of("NEW_WARNING"))) await core.deliver(warning);
  await core.deliver(end);
}

function largest(renditions: Awaited<ReturnType<typeof details>>["renditions"]): Encoded {
  const [rendition] = ["1080p", "audio"].flatMap(
    (label) => renditions.find((one) => one.label === label) ?? [],
  );
  const { width, height = 0, durationSeconds: seconds = 0, audioCodec } = rendition ?? {};
  const size = width === undefined ? "no picture" : (`${width}×${height}` as const);
  return { size, seconds, sound: audioCodec !== undefined };
}
