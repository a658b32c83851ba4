import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { type Clip, clip, FFMPEG } from "@rushes/testing/clips";
import { encoderPid, startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkExit } from "./exit.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { parseMedia } from "./media.ts";

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
    process.kill(await encoderPid(encoder.url), signal);
    expect((await encoder.event(id, "ERROR", "COMPLETE")).detail.errorCode).toBe(1999);
  },
);

test.each([
  ["no byte", "plain.mp4", 0],
  ["no index", "plain.mp4", 1000],
  ["no frame", "sound-3.mkv", 500],
] as const)(
  "reports 1999 for an encoder that exits with SIGTERM when it has %s of its input",
  async (_, name, sentBytes) => {
    const path = await clip(name);
    const requested = Promise.withResolvers<void>();
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-length": 1_000_000 });
      createReadStream(path, { end: sentBytes }).pipe(response, { end: false });
      requested.resolve();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // It listens on a port.
    const url = `http://127.0.0.1:${port}`;
    const running = runFfmpeg({
      path: FFMPEG,
      args: ["-i", `${url}/inputs/1`, "-f", "null", "-"],
      cwd: tmpdir(),
      signal: new AbortController().signal,
      onProgress: () => {},
    });
    await requested.promise;
    process.kill(await encoderPid(url), "SIGTERM");
    const result = await running;
    server.closeAllConnections();
    server.close();
    const media = parseMedia({ streams: [], format: { format_name: "matroska,webm" } });
    expect(() => checkExit(result, media)).toThrow(expect.objectContaining({ code: 1999 }));
  },
);

test("ignores ffmpeg's information, such as a description with several lines", async () => {
  const described = "comment=first\n[error] corrupt decoded frame\nNo space left on device";
  const lines: string[] = [];
  const { code } = await runFfmpeg({
    path: FFMPEG,
    args: ["-i", await clip("silent-tiny.mp4"), "-metadata", described, "-f", "null", "-"],
    cwd: tmpdir(),
    signal: new AbortController().signal,
    onProgress: () => {},
    onLine: (line) => lines.push(line),
  });
  expect({ code, lines }).toEqual({ code: 0, lines: [] });
});
