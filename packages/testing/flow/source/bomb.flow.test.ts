import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore({ maxDurationSeconds: 43_200, maxFramePixels: 60_000 });

async function received(key: string, bytes: Buffer) {
  await core.deliver(await core.put(stack, key, bytes));
  return core.only(key);
}

test("rejects two frames that are eleven hours apart before they reach the encoder", async () => {
  const bomb = await sampleVideo(stack.folder, "bomb.mp4", [
    ...["-map", "0:v", "-frames:v", "2", "-vf", "setpts=N*42480/TB", "-fps_mode", "passthrough"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-crf", "50", "-video_track_timescale", "1000"],
  ]);
  expect(bomb.length).toBeLessThan(20_000);
  const job = await received("bomb.mp4", bomb);
  expect(job).toMatchObject({ status: "rejected", failure: { type: "source.too_sparse" } });
  expect(job.failureMessage).toMatch(
    /^The file states a length of 11 h .* at least 10 bytes per second\.$/,
  );
  expect(await core.encoderJobs(job.id)).toEqual([]);
});

test("rejects frames with more pixels than the setting, and accepts smaller ones", async () => {
  const large = await sampleVideo(stack.folder, "large.mp4", [
    ...["-vf", "scale=640:360", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"],
  ]);
  expect(await received("large.mp4", large)).toMatchObject({
    status: "rejected",
    failure: { type: "source.too_many_pixels", width: 640, height: 360, limitPixels: 60_000 },
  });
  const job = await received("small.mp4", await sampleVideo(stack.folder, "small.mp4"));
  expect(job.status).toBe("submitted");
});

test("shows that the encoder waits for disk space until it continues", async () => {
  const { id } = await core.only("small.mp4");
  const event = await stack.event(isBus("PROGRESSING", id));
  if (!("bus" in event)) throw new Error("The event is not from the encoder.");
  const { bus } = event;
  const deliverDetail = (detail: object) =>
    core.deliver({ bus: { ...bus, detail: { ...bus.detail, ...detail } } });
  const job = async () => (await core.asOwner(() => core.job.details(core.id(id)))).job;
  await core.deliver(event);
  await deliverDetail({ status: "NEW_WARNING", warningCode: 900_002, warningMessage: "full" });
  expect(await job()).toMatchObject({ status: "progressing", waiting: "disk" });
  // Neither AWS's warnings nor the PROGRESSING event change anything.
  await deliverDetail({ status: "NEW_WARNING", warningCode: "230001" });
  await core.deliver(event);
  expect(await job()).toMatchObject({ waiting: "disk" });
  await deliverDetail({ status: "STATUS_UPDATE", jobProgress: { jobPercentComplete: 1 } });
  expect((await job()).waiting).toBeUndefined();
  const { events } = await core.asOwner(() => core.job.details(core.id(id)));
  expect(events.filter(({ type }) => type === "encoder.waiting")).toHaveLength(1);
});
