import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeRun } from "../run.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const env = Object.entries(process.env).flatMap(([name, value]) =>
    /^(SST_RESOURCE|AWS)_/.test(name) && value !== undefined ? [[name, value]] : [],
  );
  await writeRun(stack.folder, {
    pid: process.pid,
    started: new Date().toISOString(),
    env: Object.fromEntries(env),
    addresses: { dashboard: "http://127.0.0.1:3000", inbox: stack.inboxUrl },
    control: { url: "http://127.0.0.1:1", token: "control" },
  });
});
afterAll(() => stack.close());

test("runs a function with an S3 event, which becomes a job", async () => {
  const { PATH = "", FFMPEG_PATH } = process.env;
  const event = join(import.meta.dirname, "../../functions/events/s3-put.json");
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "invoke.ts"), "source-created", event],
    {
      env: { NODE_ENV: "test", PATH, FFMPEG_PATH, RUSHES_DATA_DIR: stack.folder },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  expect(output).toContain('"batchItemFailures": []');
  expect(code).toBe(0);
  await stack.event((one) => "bus" in one && one.bus.detail.status === "PROGRESSING");
});
