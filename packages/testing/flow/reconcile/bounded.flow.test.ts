/** Tests that a fault of AWS ends in a status that the owner sees, and takes a bounded time of a run. */
import { ForbiddenException } from "@aws-sdk/client-mediaconvert";
import { InvalidObjectState } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { loadCore } from "../../core.ts";
import { isBus } from "../../events.ts";
import { captureStdout } from "../../output.ts";
import { change, dueNow, fill, jobRow } from "../../rows.ts";
import { sampleVideo } from "../../sample-video.ts";
import { type Stack, startStack } from "../../stack.ts";
import { until } from "../../until.ts";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let clip: Buffer;

beforeAll(async () => {
  stack = await startStack();
  [core, clip] = await Promise.all([loadCore(), sampleVideo(stack.folder, "clip.mp4")]);
});
afterEach(() => {
  vi.restoreAllMocks();
  core.encoder.encoder.middlewareStack.remove(FAULT);
  core.storage.s3.middlewareStack.remove(FAULT);
});
afterAll(() => stack.close());

const MINUTE = 60_000;
const FAULT = "faultOfTests";

const INJECTED = { step: "initialize", name: FAULT } as const;

/** Runs `fault` for each of these commands that mentions `text`. */
const faultIn =
  (command: string, text: string, fault: () => Promise<void>) =>
  async (context: { commandName?: string }, input: object): Promise<void> => {
    if (context.commandName === command && JSON.stringify(input).includes(text)) await fault();
  };
type Fault = ReturnType<typeof faultIn>;

function injectIntoEncoder(fault: Fault): void {
  core.encoder.encoder.middlewareStack.add(
    (next, context) => async (args) => {
      await fault(context, args.input);
      return next(args);
    },
    INJECTED,
  );
}

function injectIntoStorage(fault: Fault): void {
  core.storage.s3.middlewareStack.add(
    (next, context) => async (args) => {
      await fault(context, args.input);
      return next(args);
    },
    INJECTED,
  );
}

test("fails a job whose renditions cannot be read after a limited number of attempts", async () => {
  await core.deliver(await core.put(stack, "unreadable.mp4", clip));
  const { id } = await core.only("unreadable");
  const complete = await stack.event(isBus("COMPLETE", id));
  const denied = { message: "Access denied.", $metadata: { httpStatusCode: 403 } };
  injectIntoEncoder(
    faultIn("ProbeCommand", "rushes-renditions", async () => {
      throw new ForbiddenException(denied);
    }),
  );
  await expect(core.deliver(complete)).rejects.toThrow("Access denied.");
  const key = core.table.key.job(id);
  let runs = 0;
  for (let row = await core.table.get(key); row?.status !== "error"; runs += 1) {
    if (runs > 20) throw new Error("Reconcile does not stop retrying.");
    await change(key, dueNow("job", id));
    await captureStdout(() => core.reconcile());
    row = await core.table.get(key);
  }
  expect(runs).toBe(9);
  const { job } = await core.asOwner(() => core.job.details(id));
  expect(job).toMatchObject({ status: "error", failure: { type: "encoder.unreadable" } });
  await core.notify(id);
  const [mail] = (await stack.mails()).filter(({ subject }) => subject.includes("unreadable.mp4"));
  expect(JSON.stringify(mail)).toContain("its renditions could not be read");
  await core.asOwner(() => core.job.retry(id));
  expect(await core.table.get(key)).not.toHaveProperty("finishTries");
});

test("rejects a source in an archived storage class, and accepts it after a restore", async () => {
  const message = "The operation is not valid for the object's storage class";
  injectIntoStorage(
    faultIn("GetObjectCommand", "archived.mp4", async () => {
      throw new InvalidObjectState({ message, $metadata: { httpStatusCode: 403 } });
    }),
  );
  await core.deliver(await core.put(stack, "archived.mp4", clip));
  const { id, status, failure, failureMessage } = await core.only("archived");
  expect({ status, failure }).toEqual({ status: "rejected", failure: { type: "source.archived" } });
  expect(failureMessage).toContain("Restore the object");
  core.storage.s3.middlewareStack.remove(FAULT);
  const again = await core.asOwner(() => core.job.retry(id));
  expect(again).toMatchObject({ status: "submitted", attempt: 2 });
});

test("postpones a row whose call never responds, and handles all others", async () => {
  const [slow, ended] = [jobRow({ status: "progressing" }), jobRow({ title: "others.mp4" })];
  const notice = core.table.key.notice(ended.id, 1);
  await fill([
    { ...slow, encoderJobId: "1700000000000-silent", ...dueNow("job", slow.id) },
    ended,
    {
      ...{ ...notice, ...dueNow("notice", ended.id) },
      ...{ jobId: ended.id, attempt: 1, state: "due", tries: 0, outcome: "complete" },
    },
  ]);
  const [called, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  injectIntoEncoder(
    faultIn("GetJobCommand", "1700000000000-silent", () => {
      called.resolve();
      return released.promise;
    }),
  );
  const timeUp = new AbortController();
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(timeUp.signal);
  const run = captureStdout(() => core.reconcile());
  await called.promise;
  await until(async () => (await core.table.get(notice))?.state === "sent");
  // The limits of all steps together stay below the function's timeout.
  const limits = timeout.mock.calls.map(([ms]) => ms);
  expect(Math.max(...limits)).toBeLessThanOrEqual(15_000);
  timeout.mockRestore();
  timeUp.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  await run;
  released.resolve();
  const row = await core.table.get(core.table.key.job(slow.id));
  expect(Date.parse(String(row?.dueSk).split("#")[0] ?? "")).toBeGreaterThan(
    Date.now() + 4 * MINUTE,
  );
});
