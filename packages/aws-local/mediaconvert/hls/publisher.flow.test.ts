import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CmafPlan } from "../translate/plan.ts";
import { HlsPublisher } from "./publisher.ts";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

const folder = "media/job_1/1/a/hls";
const plan: CmafPlan = {
  group: 0,
  bucket: "renditions",
  keyStem: `${folder}/index`,
  segmentSeconds: 2,
  captions: [],
  tracks: [
    {
      file: "0-0",
      keyStem: `${folder}/index-180p`,
      content: {
        type: "video",
        size: { width: 320, height: 180 },
        rate: { numerator: 30, denominator: 1 },
        maxBitRate: 500_000,
      },
    },
  ],
};

/** Writes what ffmpeg has written after `count` segments, each of which is the name of the run. */
async function write(run: string, count: number): Promise<string> {
  const path = join(encoder.folder, run);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "0-0.mp4"), "init".concat(run.repeat(count)));
  const entries = Array.from({ length: count }, (_, at) => {
    const start = 4 + at * run.length;
    return `#EXTINF:2.000000,\n#EXT-X-BYTERANGE:${run.length}@${start}\n0-0.mp4\n`;
  });
  const head = '#EXTM3U\n#EXT-X-MAP:URI="0-0.mp4",BYTERANGE="4@0"\n';
  await writeFile(join(path, "0-0.m3u8"), head.concat(...entries));
  return path;
}

const get = async (name: string) => String(await encoder.get(`${folder}/${name}`));

const listed = async () => (await get("index-180p.m3u8")).match(/#EXTINF/g)?.length;

/** Publishes what is new, and waits until it is done. */
async function update(publisher: HlsPublisher): Promise<void> {
  publisher.update((error) => {
    throw error;
  });
  await publisher.settled();
}

test("does not shorten a playlist when the encoder starts again", async () => {
  const context = { s3: encoder.s3, workFolder: encoder.folder, onWaiting: () => {} };
  const publisher = new HlsPublisher(context, plan);
  publisher.begin(await write("first", 3));
  await update(publisher);
  expect(await listed()).toBe(3);
  expect(await get("index.m3u8")).toContain("BANDWIDTH=750000,CODECS");
  await publisher.stop();

  publisher.begin(await write("again", 2));
  await update(publisher);
  expect(await listed()).toBe(3);
  const segments = ["000000001", "000000002", "000000003"];
  const contents = () => Promise.all(segments.map((number) => get(`index-180p_${number}.cmfv`)));
  expect(await contents()).toEqual(["again", "again", "first"]);

  // The same in another process, which has to read what is published.
  const next = new HlsPublisher(context, plan);
  await next.restore();
  next.begin(await write("later", 2));
  await update(next);
  expect(await listed()).toBe(3);
  await write("later", 4);
  await update(next);
  expect(await listed()).toBe(4);
  expect(await contents()).toEqual(["later", "later", "later"]);
  expect(await get("index-180p.m3u8")).not.toContain("ENDLIST");

  await next.finish(new AbortController().signal);
  expect(await get("index-180p.m3u8")).toContain("ENDLIST");
  expect(await get("index.m3u8")).toContain("BANDWIDTH=20,AVERAGE-BANDWIDTH=20,");
});
