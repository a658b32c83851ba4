import { fork } from "node:child_process";
import { on, once } from "node:events";
import { clip } from "@rushes/testing/clips";
import { startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { until } from "@rushes/testing/until";
import { afterAll, beforeAll, expect, test } from "vitest";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

/** Submits a job, and stops the encoder in order once it runs. */
async function interrupted(name: string) {
  const { id } = await encoder.submit(await encoder.upload(name, await clip("plain.mp4")));
  await encoder.event(id, "INPUT_INFORMATION");
  await encoder.stop();
  return id;
}

/** A process whose encoder takes the job up is killed while it runs. */
async function crash(): Promise<void> {
  const { emit: _, onLog: __, ...options } = encoder.options;
  const since = Date.now();
  const child = fork(new URL("./crash.fixture.ts", import.meta.url), {
    execArgv: [],
    stdio: "ignore",
  });
  child.send(options);
  // Events that the process before left are sent again; the first of its own is of this start.
  for await (const [time] of on(child, "message")) if (Number(time) >= since) break;
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("fails a job after three crashes of its process, and runs the next one", async () => {
  const id = await interrupted("deadly.mp4");
  for (let crashes = 0; crashes < 3; crashes++) await crash();
  await encoder.restart();
  expect((await encoder.event(id, "ERROR", "COMPLETE")).detail).toMatchObject({
    status: "ERROR",
    errorCode: 1999,
    errorMessage: "The encoder's process ended 3 times while it ran this job.",
  });

  const next = await encoder.submit(
    await encoder.upload("next.mp4", await clip("silent-tiny.mp4")),
    { hasAudio: false, downloads: ["web-720p"] },
  );
  await encoder.completed(next.id);
});

test("completes a job after any number of orderly stops and two crashes", async () => {
  const id = await interrupted("patient.mp4");
  for (let stops = 0; stops < 4; stops++) {
    const since = Date.now();
    await encoder.restart();
    await until(() => encoder.events.find(({ detail }) => Number(detail.timestamp) >= since));
    await encoder.stop();
  }
  for (let crashes = 0; crashes < 2; crashes++) await crash();
  await encoder.restart();
  await encoder.completed(id);
});
