/** The tracks of a source: subtitles become captions of the stream, and the default language plays first. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { ffmpeg } from "../../patches.ts";
import { sampleVideo } from "../../sample-video.ts";
import { sourcePath } from "../../sources/make.ts";

const { stack, core } = await startCore({ profile: "web" });

async function encoded(name: string, extension: string, bytes: Uint8Array) {
  await core.deliver(await core.put(stack, `${name}.${extension}`, bytes));
  const { id } = await core.only(name);
  const ended = await stack.event((one) => isBus("COMPLETE", id)(one) || isBus("ERROR", id)(one));
  await core.deliver(ended);
  return core.asOwner(() => core.job.details(core.id(id)));
}

async function download(key: string): Promise<Buffer> {
  const { Body } = await core.storage.s3.send(
    new GetObjectCommand({ Bucket: "rushes-renditions", Key: key }),
  );
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** The frequency of a tone of one second: each period passes zero twice. */
async function hertz(path: string): Promise<number> {
  const samples = await ffmpeg(["-i", path, "-ac", "1", "-f", "s16le", "pipe:1"]);
  let passes = 0;
  for (let at = 2; at < samples.length; at += 2) {
    if (samples.readInt16LE(at) < 0 !== samples.readInt16LE(at - 2) < 0) passes += 1;
  }
  return passes / 2;
}

test("keeps the languages of an MP4 file, and begins with its default one", async () => {
  const file = join(stack.folder, "a.srt");
  await writeFile(file, "1\n00:00:00,000 --> 00:00:01,000\nHello\n");
  const clip = await sampleVideo(stack.folder, "subtitles.mp4", [
    ...["-f", "lavfi", "-i", "sine=f=880:d=1", "-i", file, "-i", file],
    ...["-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3", "-map", "4"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-c:s", "mov_text"],
    ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu"],
    ...["-disposition:a:0", "0", "-disposition:a:1", "default"],
    ...["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=deu"],
  ]);
  const { job, renditions } = await encoded("subtitles", "mp4", clip);
  expect(job).toMatchObject({
    status: "complete",
    profile: "web",
    landed: ["hls", "1080p", "720p", "web-720p", "poster"],
  });
  expect(job.warnings).toBeUndefined();
  expect(renditions.find(({ kind }) => kind === "hls")).toMatchObject({
    hasStoryboard: true,
    captions: [
      { language: "en", name: "English" },
      { language: "de", name: "German" },
    ],
  });

  const keyOf = (label: string) => renditions.find((one) => one.label === label)?.key ?? "";
  const playlist = String(await download(keyOf("hls")));
  expect(playlist.match(/^#EXT-X-MEDIA:TYPE=AUDIO,.*$/gm)).toEqual([
    expect.stringMatching(/NAME="German",.*DEFAULT=YES,AUTOSELECT=YES/),
    expect.stringMatching(/NAME="English",.*DEFAULT=NO,AUTOSELECT=YES/),
  ]);
  const mp4 = join(stack.folder, "downloaded.mp4");
  await writeFile(mp4, await download(keyOf("1080p")));
  // Silence at its start and its end changes the count, by less than half.
  expect(Math.abs((await hertz(mp4)) - 880)).toBeLessThan(220);
});

test("names the languages of the subtitles that it does not carry", async () => {
  const { job } = await encoded("pgs", "mkv", await readFile(await sourcePath("pgs.mkv")));
  expect(job).toMatchObject({
    status: "complete",
    warnings: [{ type: "source.captions", languages: ["de"] }],
  });
});
