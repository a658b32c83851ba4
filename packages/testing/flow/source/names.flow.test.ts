/** Tests difficult names, from another program's object to the download. */
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { OWNER } from "../../owner.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore();
const clip = await sampleVideo(stack.folder, "clip.mp4");

test.each([
  ["my video.mp4", "my video"],
  ["été+1 100%.mov", "été+1 100%"],
  ["cost$dt$.mp4", "cost_dt_"],
  [".mp4", "video"],
  [`${"가".repeat(300)}.mp4`, "가".repeat(66)],
  ["two.dots.mp4", "two.dots"],
  ["🎬 take 1.mp4", "🎬 take 1"],
])(
  "makes a playable job of the default owner from %s, put by another program",
  async (name, safe) => {
    await core.deliver(await core.put(stack, name, clip));
    const { jobs } = await core.asOwner(() => core.job.list({ limit: 1 }));
    const id = core.id(jobs[0]?.id ?? "");
    await core.deliver(await stack.event(isBus("COMPLETE", id)));

    const { job, renditions } = await core.asOwner(() => core.job.details(id));
    expect(job).toMatchObject({ ownerId: OWNER.ownerId, fileName: name, status: "complete" });
    expect(renditions.map(({ key }) => key).sort()).toEqual(
      [
        `media/${id}/1/${safe}/${safe}-1080p.mp4`,
        `media/${id}/1/${safe}/${safe}-720p.mp4`,
        `media/${id}/1/${safe}/${safe}-poster.0000000.jpg`,
        `media/${id}/1/${safe}/${safe}-web-720p.mp4`,
      ].sort(),
    );

    const playback = await core.asOwner(() => core.playback.create(id));
    const [first] = playback.renditions;
    if (!first || !playback.sourceDownloadUrl) throw new Error("Nothing can be played.");
    expect((await fetch(first.url)).status).toBe(200);
    const source = await fetch(playback.sourceDownloadUrl);
    expect(source.headers.get("content-disposition")).toContain(encodeURIComponent(name));
    expect(Buffer.from(await source.arrayBuffer()).equals(clip)).toBe(true);
  },
);
