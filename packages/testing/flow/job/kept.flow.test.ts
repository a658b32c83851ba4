/** A retried video keeps playing everywhere until the new attempt is complete. */

import { withActor } from "@rushes/core/actor";
import type * as TranscodeModule from "@rushes/core/pipeline/progress";
import type * as ShareModule from "@rushes/core/share/index";
import type * as UsageModule from "@rushes/core/usage/index";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { OWNER } from "../../owner.ts";
import { sampleVideo } from "../../sample-video.ts";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let share: typeof ShareModule;
let usage: typeof UsageModule;
let transcode: typeof TranscodeModule;
let clip: Buffer;

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  [share, usage, transcode] = await Promise.all([
    import("@rushes/core/share/index"),
    import("@rushes/core/usage/index"),
    import("@rushes/core/pipeline/progress"),
  ]);
  clip = await sampleVideo(stack.folder, "clip.mp4");
});
afterAll(() => stack.close());

const as = <R>(run: () => R) => core.asOwner(run);

const attemptOf = (url: string) => Number(new URL(url).pathname.split("/").at(-3));

/** A complete video with a share link. */
async function complete(name: string) {
  await core.deliver(await core.put(stack, name, clip));
  const { id } = await core.only(name);
  await core.deliver(await stack.event(isBus("COMPLETE", id)));
  const link = await as(() => share.create({ jobId: id, origins: [] }));
  return { id, address: link.url.split("/").at(-1) ?? "" };
}

/** Reads every file that each API returns, and returns their attempt. */
async function plays({ id, address }: Awaited<ReturnType<typeof complete>>) {
  const { job, renditions } = await as(() => core.job.details(id));
  const playback = await as(() => core.playback.create(id));
  const opened = await share.open({ address });
  const { jobs } = await as(() => core.job.list({ q: job.title }));
  const urls = [
    ...playback.renditions.flatMap(({ url, downloadUrl }) => [url, downloadUrl]),
    ...opened.playback.renditions.map(({ url }) => url),
    ...[playback.posterUrl, opened.playback.posterUrl, jobs[0]?.posterUrl],
  ].map((url) => url ?? "");
  expect(urls).toHaveLength(12);
  for (const url of urls) expect((await fetch(url)).status).toBe(200);
  const attempts = [...urls.map(attemptOf), ...renditions.map(({ attempt }) => attempt)];
  return { attempts: [...new Set(attempts)], status: job.status };
}

test("keeps the finished video playable while a retry runs, is canceled or fails", async () => {
  const video = await complete("kept.mp4");
  const { id } = video;
  const before = await usage.read(OWNER.ownerId);
  await as(() => core.job.retry(id));
  expect(await plays(video)).toEqual({ attempts: [1], status: "submitted" });
  await as(() => core.job.cancel(id));
  expect(await plays(video)).toEqual({ attempts: [1], status: "canceled" });

  await as(() => core.job.retry(id));
  const row = await core.table.get(core.table.key.job(id));
  const about = { jobId: id, attempt: 3, encoderJobId: String(row?.encoderJobId) };
  const error = { ...about, type: "error", code: 1010, message: "" } as const;
  await withActor({ type: "system" }, () => transcode.applyUpdate(error));
  expect(await plays(video)).toEqual({ attempts: [1], status: "error" });
  await core.notify(id);
  expect(await usage.read(OWNER.ownerId)).toEqual(before);

  const retried = await as(() => core.job.retry(id));
  expect(retried).toMatchObject({ attempt: 4, earlier: { attempt: 1 } });
  const isFourth = isBus("COMPLETE", id);
  await core.deliver(
    await stack.event((one) => isFourth(one) && JSON.stringify(one).includes('"attempt":"4"')),
  );
  expect(await plays(video)).toEqual({ attempts: [4], status: "complete" });
  const { job } = await as(() => core.job.details(id));
  expect(job.earlier).toBeUndefined();
  await as(() => core.job.remove(id));
  expect(await usage.read(OWNER.ownerId)).toEqual({ openUploads: 0, bytes: 0 });
});
