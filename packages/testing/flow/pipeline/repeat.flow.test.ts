import { readFile } from "node:fs/promises";
import { ENCODER_CODE } from "@rushes/core/encoder/code";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clip as encoderClip } from "../../clips.ts";
import { loadCore } from "../../core.ts";
import { type EmittedEvent, isBus } from "../../events.ts";
import { encoderPid } from "../../mediaconvert.ts";
import { ONE_FILE } from "../../one-file.ts";
import { sampleVideo } from "../../sample-video.ts";
import { type Stack, startStack } from "../../stack.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let clip: Buffer;
beforeAll(async () => {
  stack = await startStack(ONE_FILE);
  [core, clip] = await Promise.all([loadCore(), sampleVideo(stack.folder, "clip.mp4")]);
});
afterAll(() => stack.close());

const details = (id: string) => core.asOwner(() => core.job.details(core.id(id)));

/** A job at the encoder. */
async function submitted(name: string) {
  await core.deliver(await core.put(stack, name, clip));
  return core.only(name);
}

/** An ERROR event about an attempt of a job. Its message has details that AWS may include. */
async function errorOf(id: string, attempt: number, errorCode: number): Promise<EmittedEvent> {
  const { job } = await details(id);
  const event = await stack.event((one) => "bus" in one && one.bus.detail.status === "PROGRESSING");
  if (!("bus" in event)) throw new Error("The event is not from the encoder.");
  const detail = {
    ...event.bus.detail,
    ...{ jobId: job.encoderJobId, status: "ERROR", errorCode },
    errorMessage: "http://h/a.mp4?X-Amz-Signature=abc [mov @ 0x55d0c0ffee80] /var/lib/x failed",
    userMetadata: { jobId: id, attempt: String(attempt) },
  };
  return { bus: { ...event.bus, detail } };
}

// First, while no other job waits for the encoder.
describe("a killed encoder process", () => {
  const ofAttempt = (status: string, id: string, attempt: number) => (one: EmittedEvent) =>
    isBus(status, id)(one) && isBus(status, `"attempt":"${attempt}"`)(one);

  async function start(name: string) {
    await core.deliver(await core.put(stack, name, await readFile(await encoderClip("plain.mp4"))));
    return core.only(name);
  }

  /** Kills the process that runs an attempt, and delivers the encoder's event. */
  async function kill(id: string, attempt: number) {
    await stack.event(ofAttempt("INPUT_INFORMATION", id, attempt));
    process.kill(await encoderPid(process.env.AWS_ENDPOINT_URL_MEDIACONVERT ?? ""), "SIGKILL");
    await core.deliver(await stack.event(ofAttempt("ERROR", id, attempt)));
    await core.notify(id);
  }
  const mails = async (title: string) =>
    (await stack.mails()).filter(({ subject }) => subject.includes(title)).length;

  test("is retried once automatically, without a mail, and the job completes", async () => {
    const { id, title } = await start("killed-once.mp4");
    await kill(id, 1);
    expect((await details(id)).job).toMatchObject({ attempt: 2, automatic: true });
    expect(await mails(title)).toBe(0);

    await core.reconcile();
    await core.deliver(await stack.event(ofAttempt("COMPLETE", id, 2)));
    expect((await details(id)).job).toMatchObject({ status: "complete", attempt: 2 });
  });

  test("fails the job as a machine fault, with a mail, when it happens twice", async () => {
    const { id, title } = await start("killed-twice.mp4");
    await kill(id, 1);
    await core.reconcile();
    await kill(id, 2);
    expect((await details(id)).job).toMatchObject({
      ...{ status: "error", attempt: 2 },
      failure: { type: "encoder.stopped", errorId: expect.any(String) },
    });
    expect(await mails(title)).toBe(1);
  });
});

test.each([ENCODER_CODE.write, ENCODER_CODE.unknown])(
  "retries a transient fault (%i) once without a mail, and reports the second",
  async (code) => {
    const { id, title } = await submitted(`passing-${code}.mp4`);
    const first = await errorOf(id, 1, code);
    await Promise.all([core.deliver(first), core.deliver(first)]);
    await core.notify(id);
    const repeated = await details(id);
    expect(repeated.job).toMatchObject({
      ...{ attempt: 2, automatic: true, status: "received", landed: [] },
    });
    expect(repeated.job.failure).toBeUndefined();
    const types = repeated.events.map(({ type, attempt }) => `${attempt} ${type}`);
    expect(types).toEqual(expect.arrayContaining(["1 job.error", "2 job.retried"]));
    expect(repeated.events.find(({ type }) => type === "job.retried")?.detail).toEqual({
      automatic: code === ENCODER_CODE.unknown ? "encoder.stopped" : "encoder.storage",
    });
    const mails = async () => (await stack.mails()).filter((one) => one.subject.includes(title));
    expect(await mails()).toEqual([]);

    await core.reconcile();
    expect((await details(id)).job.status).toBe("submitted");
    // A late event of the first attempt changes nothing. The second attempt's error ends the job.
    await core.deliver(first);
    await core.deliver(await errorOf(id, 2, code));
    await core.deliver(await errorOf(id, 2, code));
    await core.notify(id);
    const ended = await details(id);
    expect(ended.job).toMatchObject({ attempt: 2, status: "error" });
    expect(await mails()).toHaveLength(1);
    expect(JSON.stringify(ended)).not.toMatch(/X-Amz-Signature=abc|0x55d0|\/var\/lib/);
    expect(JSON.stringify(await mails())).not.toMatch(/X-Amz-|0x[0-9a-f]{6}|\/var\/lib/);
  },
);

test("retries once more automatically after an owner's retry", async () => {
  const { id } = await submitted("again.mp4");
  await core.deliver(await errorOf(id, 1, ENCODER_CODE.unknown));
  await core.reconcile();
  await core.deliver(await errorOf(id, 2, ENCODER_CODE.unknown));
  await core.asOwner(() => core.job.retry(core.id(id)));
  await core.deliver(await errorOf(id, 3, ENCODER_CODE.unknown));
  expect((await details(id)).job).toMatchObject({ attempt: 4, automatic: true });
});

test.each([ENCODER_CODE.unsupportedVideo, ENCODER_CODE.settings, ENCODER_CODE.internal])(
  "reports a permanent fault (%i) at once",
  async (code) => {
    const { id } = await submitted(`final-${code}.mp4`);
    await core.deliver(await errorOf(id, 1, code));
    expect((await details(id)).job).toMatchObject({ attempt: 1, status: "error" });
  },
);

test("does not retry a canceled job", async () => {
  const { id } = await submitted("canceled.mp4");
  const error = await errorOf(id, 1, ENCODER_CODE.unknown);
  await core.asOwner(() => core.job.cancel(core.id(id)));
  await core.deliver(error);
  expect((await details(id)).job).toMatchObject({ attempt: 1, status: "canceled" });
});
