/** Sources that cannot be transcoded: each is rejected with its reason, no encoder job and one mail. */
import { describe, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore({ maxDurationSeconds: 2 });
const clip = await sampleVideo(stack.folder, "clip.mp4");

describe("a source is rejected with its reason:", () => {
  const rejectionOf = async (key: string, body: Uint8Array) => {
    await core.deliver(await core.put(stack, key, body));
    const job = await core.only(key);
    expect(job.status).toBe("rejected");
    expect(await core.encoderJobs(job.id)).toEqual([]);
    await core.notify(job.id);
    const mails = await stack.mails();
    expect(mails.filter((one) => one.subject.includes(key))).toHaveLength(1);
    return job.failure?.type;
  };

  test("no bytes", async () => {
    expect(await rejectionOf("empty.mp4", new Uint8Array())).toBe("source.empty");
  });
  test("text", async () => {
    expect(await rejectionOf("text.mp4", Buffer.from("#EXTM3U\nfile:///etc/passwd\n"))).toBe(
      "source.not_media",
    );
  });
  test("a missing end, with the index at the end and at the start", async () => {
    expect(await rejectionOf("cut.mp4", clip.subarray(0, clip.length / 2))).toBe(
      "source.truncated",
    );
    const fast = await sampleVideo(stack.folder, "fast.mp4", ["-movflags", "+faststart"]);
    expect(await rejectionOf("cutfast.mp4", fast.subarray(0, fast.length - 9))).toBe(
      "source.truncated",
    );
    const webm = await sampleVideo(stack.folder, "c.mkv", ["-c:v", "libx264"]);
    expect(await rejectionOf("cutmatroska.mkv", webm.subarray(0, webm.length / 2))).toBe(
      "source.truncated",
    );
  });
  test("an image, still or animated", async () => {
    const jpeg = await sampleVideo(stack.folder, "still.jpg", ["-frames:v", "1", "-an"]);
    expect(await rejectionOf("still.mp4", jpeg)).toBe("source.picture");
    const gif = await sampleVideo(stack.folder, "moving.gif", ["-vf", "fps=5,scale=64:-1", "-an"]);
    expect(await rejectionOf("moving.mp4", gif)).toBe("source.picture");
  });
  test("an encrypted video", async () => {
    const encrypted = await sampleVideo(stack.folder, "encrypted.mp4", [
      ...["-c:v", "libx264", "-c:a", "aac", "-encryption_scheme", "cenc-aes-ctr"],
      ...["-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb"],
      ...["-encryption_kid", "a7e61c373e219033c21091fa607bf3b8"],
    ]);
    expect(await rejectionOf("encrypted.mp4", encrypted)).toBe("source.encrypted");
  });
  test("longer than the settings allow, even without a duration in its container", async () => {
    const long = await sampleVideo(stack.folder, "long.mp4", ["-vf", "setpts=PTS*3", "-an"]);
    expect(await rejectionOf("long.mp4", long)).toBe("source.too_long");
    const live = await sampleVideo(stack.folder, "live.webm", [
      ...["-vf", "setpts=PTS*3,scale=64:-1", "-an", "-c:v", "libvpx", "-deadline", "realtime"],
      ...["-f", "webm", "-live", "1"],
    ]);
    expect(await rejectionOf("live.webm", live)).toBe("source.too_long");
  });
  test("replaced before its inspection: the newer object has its own job", async () => {
    const older = await core.put(stack, "replaced.mp4", Buffer.from("older"));
    const newer = await core.put(stack, "replaced.mp4", Buffer.from("newer, and longer"));
    await core.deliver(newer);
    await core.deliver(older);
    const { jobs } = await core.asOwner(() => core.job.list({ q: "replaced" }));
    expect(jobs.map((job) => job.failure?.type).sort()).toEqual([
      "source.missing",
      "source.not_media",
    ]);
  });
});
