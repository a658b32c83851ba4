import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { until } from "@rushes/testing/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CmafRequest } from "./cmaf.fixture.ts";
import { keys, media, multivariant, submit } from "./hls.fixture.ts";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

describe("a job that takes as long as its video of a minute", () => {
  const longVideo = () =>
    encoder.make("long.mp4", [
      ...["-f", "lavfi", "-i", "testsrc2=s=64x36:r=10:d=60"],
      ...["-f", "lavfi", "-i", "sine=d=60", "-c:v", "libx264", "-preset", "ultrafast"],
      ...["-c:a", "aac", "-movflags", "+faststart"],
    ]);

  const small = (folder: string, fileInput: string): CmafRequest => ({
    ...{ folder, fileInput, mp4s: { "720p": 0 } },
    rungs: [
      { width: 64, height: 36, rate: [10, 1] },
      { width: 32, height: 32, rate: [10, 1] },
    ],
  });

  /** Starts the job on an encoder that reads one second of the source per second, and waits for the playlist. */
  async function growing(folder: string): Promise<string> {
    const slow = join(encoder.folder, "slow.sh");
    await writeFile(slow, '#!/bin/sh\nexec ffmpeg -readrate 1 "$@"\n', { mode: 0o755 });
    await encoder.restart({ ffmpegPath: slow });
    const id = await submit(encoder, small(folder, await longVideo()));
    await until(async () => (await keys(encoder, `${folder}/hls/index.m3u8`))[0], 60_000);
    return id;
  }

  /** The job reports its progress once in 1.7 seconds at most, which docs/deploy.md states. */
  function expectIntervals(id: string): void {
    const times = encoder.events
      .filter(({ detail }) => detail.jobId === id && detail.status === "STATUS_UPDATE")
      .map(({ detail }) => Number(detail.timestamp));
    const intervals = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(intervals).not.toEqual([]);
    for (const interval of intervals) expect(interval).toBeGreaterThanOrEqual(1700);
  }

  test("plays while it grows, reports its progress, continues after a restart, and is complete at the end", async () => {
    const folder = "media/job_grows/1/clip";
    const id = await growing(folder);
    expect((await encoder.job(id)).Status).toBe("PROGRESSING");
    const bounds = await multivariant(encoder, `${folder}/hls/index.m3u8`);
    for (const { bandwidth, averageBandwidth, uri, audio } of bounds.variants) {
      expect({ bandwidth, averageBandwidth }).toEqual({ bandwidth: 600_000 * 1.5 + 128_000 });
      for (const name of [uri, audio[0]?.uri]) {
        const list = await media(encoder, `${folder}/hls/${name}`);
        expect(list).toMatchObject({ endlist: false, playlistType: "EVENT", start: { offset: 0 } });
        for (const segment of list.segments) await encoder.get(`${folder}/hls/${segment.uri}`);
      }
    }
    expectIntervals(id);
    await encoder.restart();
    await encoder.completed(id);
    const final = await multivariant(encoder, `${folder}/hls/index.m3u8`);
    expect(final.variants[0]?.averageBandwidth).toBeGreaterThan(0);
    const list = await media(encoder, `${folder}/hls/index-36p.m3u8`);
    expect(list.segments).toHaveLength(30);
    expect(list.endlist).toBe(true);
    await encoder.probe(`${folder}/clip-720p.mp4`);
  });

  test("leaves nothing when it is canceled", async () => {
    const folder = "media/job_canceled/1/clip";
    const id = await growing(folder);
    await encoder.cancel(id);
    expect(await keys(encoder, "media/job_canceled/")).toEqual([]);
    await encoder.event(id, "CANCELED");
    await encoder.restart();
  });

  test("leaves nothing when it fails", async () => {
    const folder = "media/job_fails/1/clip";
    await longVideo();
    const whole = await readFile(join(encoder.folder, "long.mp4"));
    const half = whole.subarray(0, Math.floor(whole.length / 2));
    const id = await submit(encoder, small(folder, await encoder.upload("half.mp4", half)));
    const { detail } = await encoder.event(id, "ERROR", "COMPLETE");
    expect(detail).toMatchObject({ status: "ERROR", errorCode: 1076 });
    expect(await keys(encoder, "media/job_fails/")).toEqual([]);
  });
});
