/** Chapters of a source are kept on its job, and are part of what a player gets. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as PlaybackModule from "@rushes/core/playback/index";
import type * as ShareModule from "@rushes/core/share/index";
import { chaptersOf } from "@rushes/core/source/chapters";
import { beforeAll, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore();
let playback: typeof PlaybackModule;
let share: typeof ShareModule;
let chapters: string[];

const CHAPTERS = [
  { startMs: 0, title: "Ouverture – début" },
  { startMs: 500, title: "Second" },
];

beforeAll(async () => {
  [playback, share] = await Promise.all([
    import("@rushes/core/playback/index"),
    import("@rushes/core/share/index"),
  ]);
  const file = join(stack.folder, "chapters.txt");
  const list = CHAPTERS.map(
    ({ startMs, title }) =>
      `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${startMs}\nEND=${startMs + 500}\ntitle=${title}\n`,
  );
  await writeFile(file, `;FFMETADATA1\n${list.join("")}`);
  chapters = ["-i", file, "-map", "0:v", "-map_chapters", "2", "-c:v", "libx264"];
});

test.each([
  ["an MP4 file", "chapters.mp4", "iso", []],
  ["an MP4 file with its index at the start", "start.mp4", "iso", ["-movflags", "+faststart"]],
  ["a QuickTime file, which has only a chapter track", "chapters.mov", "iso", []],
  ["a Matroska file", "chapters.mkv", "matroska", []],
] as const)("reads the chapters of %s", async (_, name, family, more) => {
  const clip = await sampleVideo(stack.folder, name, [...chapters, ...more]);
  const read = async (offset: number, length: number) => clip.subarray(offset, offset + length);
  expect(await chaptersOf(family, clip.length, read)).toEqual(CHAPTERS);
});

test("gives the chapters to the owner's player and to visitors", async () => {
  const clip = await sampleVideo(stack.folder, "film.mov", chapters);
  await core.deliver(await core.put(stack, "film.mov", clip));
  const { id } = await core.only("film");
  const jobId = core.id(id);
  await core.asOwner(async () => {
    expect(await playback.create(jobId)).toMatchObject({ chapters: CHAPTERS });
    const { url } = await share.create({ jobId, origins: [] });
    const opened = await share.open({ address: url.split("/").at(-1) ?? "" });
    expect(opened.playback.chapters).toEqual(CHAPTERS);
  });
});
