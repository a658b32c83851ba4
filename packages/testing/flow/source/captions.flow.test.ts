/** Subtitles inside an MP4 file become captions of the stream. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore({ profile: "web" });

test("keeps the subtitles of an MP4 file, with their languages", async () => {
  const file = join(stack.folder, "a.srt");
  await writeFile(file, "1\n00:00:00,000 --> 00:00:01,000\nHello\n");
  const clip = await sampleVideo(stack.folder, "subtitles.mp4", [
    ...["-i", file, "-i", file, "-map", "0:v", "-map", "1:a", "-map", "2", "-map", "3"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-c:s", "mov_text"],
    ...["-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=deu"],
  ]);
  await core.deliver(await core.put(stack, "subtitles.mp4", clip));
  const { id } = await core.only("subtitles");
  const ended = await stack.event((one) => isBus("COMPLETE", id)(one) || isBus("ERROR", id)(one));
  await core.deliver(ended);
  const { job, renditions } = await core.asOwner(() => core.job.details(core.id(id)));
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
});
