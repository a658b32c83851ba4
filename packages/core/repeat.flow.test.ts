import { afterAll, beforeAll, expect, test } from "vitest";
import { film, type Home, loadCore, startHome, type Told } from "./testing/home.ts";
import { ENCODER_CODE } from "./transcode/code.ts";

let home: Home;
let core: Awaited<ReturnType<typeof loadCore>>;
let clip: Buffer;
beforeAll(async () => {
  home = await startHome();
  [core, clip] = await Promise.all([loadCore(), film(home.folder, "clip.mp4")]);
});
afterAll(() => home.close());

const details = (id: string) => core.asOwner(() => core.job.details(core.id(id)));

/** A job at the encoder. */
async function submitted(name: string) {
  await core.hand(await core.put(home, name, clip));
  return core.only(name);
}

/** An ERROR event of the encoder about a job's attempt, with whatever AWS may write into it. */
async function errorOf(id: string, attempt: number, errorCode: number): Promise<Told> {
  const { job } = await details(id);
  const told = await home.event((one) => "bus" in one && one.bus.detail.status === "PROGRESSING");
  if (!("bus" in told)) throw new Error("Not of the bus.");
  const detail = {
    ...told.bus.detail,
    ...{ jobId: job.encoderJobId, status: "ERROR", errorCode },
    errorMessage: "http://h/a.mp4?X-Amz-Signature=abc [mov @ 0x55d0c0ffee80] /var/lib/x failed",
    userMetadata: { jobId: id, attempt: String(attempt) },
  };
  return { bus: { ...told.bus, detail } };
}

test.each([ENCODER_CODE.write, ENCODER_CODE.unknown])(
  "a passing fault (%i) is repeated once, without a mail; the second is reported",
  async (code) => {
    const { id, title } = await submitted(`passing-${code}.mp4`);
    const first = await errorOf(id, 1, code);
    await Promise.all([core.hand(first), core.hand(first)]);
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
    const mails = async () => (await home.mails()).filter((one) => one.subject.includes(title));
    expect(await mails()).toEqual([]);

    await core.reconcile();
    expect((await details(id)).job.status).toBe("submitted");
    // Late news of the first attempt changes nothing; the second attempt's error ends the job.
    await core.hand(first);
    await core.hand(await errorOf(id, 2, code));
    await core.hand(await errorOf(id, 2, code));
    await core.notify(id);
    const ended = await details(id);
    expect(ended.job).toMatchObject({ attempt: 2, status: "error" });
    expect(await mails()).toHaveLength(1);
    expect(JSON.stringify(ended)).not.toMatch(/X-Amz-Signature=abc|0x55d0|\/var\/lib/);
    expect(JSON.stringify(await mails())).not.toMatch(/X-Amz-|0x[0-9a-f]{6}|\/var\/lib/);
  },
);

test("a person's retry may be repeated by itself again", async () => {
  const { id } = await submitted("again.mp4");
  await core.hand(await errorOf(id, 1, ENCODER_CODE.unknown));
  await core.reconcile();
  await core.hand(await errorOf(id, 2, ENCODER_CODE.unknown));
  await core.asOwner(() => core.job.retry(core.id(id)));
  await core.hand(await errorOf(id, 3, ENCODER_CODE.unknown));
  expect((await details(id)).job).toMatchObject({ attempt: 4, automatic: true });
});

test.each([ENCODER_CODE.unsupportedVideo, ENCODER_CODE.settings, ENCODER_CODE.internal])(
  "what a repetition cannot mend (%i) is reported at once",
  async (code) => {
    const { id } = await submitted(`final-${code}.mp4`);
    await core.hand(await errorOf(id, 1, code));
    expect((await details(id)).job).toMatchObject({ attempt: 1, status: "error" });
  },
);

test("a job that was canceled is not repeated", async () => {
  const { id } = await submitted("canceled.mp4");
  const error = await errorOf(id, 1, ENCODER_CODE.unknown);
  await core.asOwner(() => core.job.cancel(core.id(id)));
  await core.hand(error);
  expect((await details(id)).job).toMatchObject({ attempt: 1, status: "canceled" });
});
