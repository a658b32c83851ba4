/** Sources that are rejected because of a setting or another event. sources.flow.test.ts has the others. */
import { describe, expect, test } from "vitest";
import { startCore } from "../../core.ts";
import { sampleVideo } from "../../sample-video.ts";

const { stack, core } = await startCore({ maxDurationSeconds: 2 });

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
