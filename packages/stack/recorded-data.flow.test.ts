import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { OWNER } from "@rushes/testing/owner";
import { startWiredServices } from "@rushes/testing/services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verify } from "./verify/index.ts";

const run = promisify(execFile);
/** The data folder of a stack of 2026-11-28, which held one complete job. */
const RECORDED = join(import.meta.dirname, "recorded-data.tgz");
const TITLE = "Harbour, first light.mp4";
let folder = "";
let dataDir = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rushes-recorded-"));
  dataDir = join(folder, "data");
  await run("tar", ["xzf", RECORDED, "-C", folder]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("plays the videos and shows the mails of a data folder that an earlier version wrote", async () => {
  const services = await startWiredServices({ dataDir });
  try {
    const { withActor } = await import("@rushes/core/actor");
    const Job = await import("@rushes/core/job/index");
    const Playback = await import("@rushes/core/playback/index");
    const { jobs } = await withActor(OWNER, () => Job.list({ limit: 10 }));
    expect(jobs).toMatchObject([{ title: TITLE, status: "complete", attempt: 1 }]);
    const [id] = jobs.map((job) => job.id);
    if (!id) throw new Error("There is no job.");
    const { events } = await withActor(OWNER, () => Job.details(id));
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["job.complete", "mail.sent"]),
    );
    const { renditions } = await withActor(OWNER, () => Playback.create(id));
    expect(renditions.map(({ label }) => label).sort()).toEqual(["1080p", "720p", "web-720p"]);
    for (const { url } of renditions) {
      const response = await fetch(url);
      expect(response.status).toBe(200);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.subarray(4, 8).toString("latin1")).toBe("ftyp");
    }
  } finally {
    await services.stop();
  }
});

test("finds nothing wrong with that data folder afterwards", async () => {
  expect(await verify(dataDir)).toMatchObject({ jobs: 1, mails: 1, problems: [] });
});
