import { type Clip, clip } from "@rushes/testing/clips";
import { encoderPid, startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { until } from "@rushes/testing/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

async function transcode(name: Clip, hasAudio = true) {
  const url = await encoder.upload(name, await clip(name));
  const { id } = await encoder.submit(url, { hasAudio });
  return id;
}

describe("a job that exceeds a limit fails with that limit", () => {
  test.each([
    ["memory", 9006, { memoryBytes: 20_000_000 }, "limit of 20000000 bytes"],
    ["time", 9005, { baseSeconds: 1, timeFactor: 0 }, "limit of 1 seconds"],
    ["output", 9007, { outputBytes: 10_000 }, "limit of 10000 bytes"],
    ["pixels", 9008, { framePixels: 1000 }, "limit of 1000."],
  ])("for %s: %i", async (_, errorCode, limits, words) => {
    await encoder.restart({ limits });
    const id = await transcode("plain.mp4");
    expect((await encoder.event(id, "ERROR", "COMPLETE")).detail).toMatchObject({
      status: "ERROR",
      errorCode,
      errorMessage: expect.stringContaining(words),
    });
  });

  test("and the next job runs", async () => {
    await encoder.restart();
    const id = await transcode("silent-tiny.mp4", false);
    await encoder.completed(id);
  });
});

test.each([
  ["video", 1030, "unlisted.avi", false],
  ["audio", 9002, "unlisted-audio.mov", true],
] as const)(
  "does not decode %s in a format that is not on the list: %i",
  async (_, code, name, audio) => {
    const id = await transcode(name, audio);
    expect((await encoder.event(id, "ERROR", "COMPLETE")).detail.errorCode).toBe(code);
  },
);

test.each(["SIGKILL", "SIGTERM", "SIGSEGV"] as const)(
  "reports 1999, which is retried, for an encoder that exits with %s",
  async (signal) => {
    const id = await transcode("noise-3s.mp4");
    // A process that is ended while it opens its input reports a damaged input, and not the signal.
    await until(async () => ((await encoder.job(id)).JobPercentComplete ?? 0) > 0);
    process.kill(await encoderPid(encoder.url), signal);
    expect((await encoder.event(id, "ERROR", "COMPLETE")).detail.errorCode).toBe(1999);
  },
);
