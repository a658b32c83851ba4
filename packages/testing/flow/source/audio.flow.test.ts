/** A source without a picture becomes streaming audio and an M4A file, whatever its profile. */
import { expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore({ profile: "original" });
const details = (id: string) => core.asOwner(() => core.job.details(core.id(id)));

test.each([
  ["tone.m4a", ["-vn", "-c:a", "aac"]],
  ["tone.mp3", ["-vn"]],
])("makes streaming audio and an M4A file of %s", async (name, args) => {
  await core.deliver(await core.put(stack, name, await sampleVideo(stack.folder, name, args)));
  const { id } = await core.only(name);
  const ended = await stack.event((one) => isBus("COMPLETE", id)(one) || isBus("ERROR", id)(one));
  await core.deliver(ended);
  const { job, renditions } = await details(id);
  expect(job).toMatchObject({
    status: "complete",
    profile: "original",
    expected: ["hls", "audio"],
    landed: ["hls", "audio"],
  });
  expect(job.posterKey).toBeUndefined();
  expect(renditions.find(({ kind }) => kind === "audio")).toMatchObject({
    audioCodec: "AAC",
    durationSeconds: expect.closeTo(1, 0),
  });
  expect(renditions.find(({ kind }) => kind === "hls")).toMatchObject({ rungs: [] });
});

test("rejects a video without sound where the profile uses only the sound", async () => {
  const silent = await sampleVideo(stack.folder, "silent.mp4", ["-an", "-c:v", "libx264"]);
  const { upload } = core;
  const file = { name: "silent.mp4", sizeBytes: silent.length, contentType: "video/mp4" };
  const [created] = await core.asOwner(() =>
    upload.create({ files: [{ ...file, profile: "audio" }] }),
  );
  const [request] = created?.requests ?? [];
  await fetch(request?.url ?? "", {
    method: "PUT",
    headers: request?.headers,
    body: new Uint8Array(silent),
  });
  const id = created?.upload?.id ?? "";
  await core.deliver(
    await stack.event((one) => "queue" in one && JSON.stringify(one).includes(id)),
  );
  const { id: jobId } = await core.only("silent");
  expect((await details(jobId)).job).toMatchObject({
    status: "rejected",
    failure: { type: "source.no_audio" },
  });
});
