import { withRetry } from "@rushes/core/transfer/retry";
import { type OpenUpload, runUpload, type UploadCallbacks } from "@rushes/core/transfer/run";
import { UploadError, type UploadProblem } from "@rushes/core/transfer/upload-error";
import { type ChosenFile, rememberFile } from "./chosen-file.ts";
import type { EngineContext, FileTask } from "./engine-context.ts";
import { identityOf } from "./repeated.ts";

/** The signal of requests that a cancel must not stop. */
export const neverAborted = new AbortController().signal;

/** The task of a file that was chosen, with the signal of its first run. */
export function createTask(
  { tasks }: EngineContext,
  key: string,
  { file, profile, again }: ChosenFile,
): FileTask {
  const task: FileTask = { file, profile, again, controller: new AbortController(), sentBytes: 0 };
  tasks.set(key, task);
  rememberFile(task.controller.signal, task);
  return task;
}

function problemOf(error: unknown): UploadProblem {
  if (error instanceof UploadError && error.outcome.type === "fail") return error.outcome.problem;
  return { type: "refused", message: "Something went wrong on this page. Try again." };
}

/** Marks a file as failed. A cancel is not a failure: after it, nothing changes. */
export function failFile(
  context: EngineContext,
  key: string,
  signal: AbortSignal,
  error: unknown,
): void {
  if (signal.aborted) return;
  const problem = problemOf(error);
  const task = context.tasks.get(key);
  // A retry resumes the upload only if the bytes so far are worth keeping. Otherwise it starts a new one.
  const isResumable = problem.type === "damaged" || problem.type === "storage_full";
  if (task && !isResumable) {
    const left = problem.type === "expired" ? undefined : task.open;
    endClaim(task, left && discardUpload(context, left));
    delete task.open;
  }
  context.store.dispatch({ type: "failed", key, signal, problem });
  if (!(error instanceof UploadError)) globalThis.reportError?.(error);
}

/** The upload for another run, which finds out what has arrived. */
export const continued = (open: OpenUpload): OpenUpload => ({
  ...open,
  requests: [],
  resumed: true,
});

/**
 * Removes an upload, also after an outage: a canceled file must not count against the quota for days.
 * An upload that the server does not remove is gone already, or expires.
 */
export function discardUpload(
  { env, discarded }: EngineContext,
  { upload, expiresAtMs }: Pick<OpenUpload, "upload" | "expiresAtMs">,
): Promise<void> {
  discarded.add(upload.id);
  const remove = () => env.api.remove(upload.id);
  return withRetry(remove, env, neverAborted, { expiresAtMs }).catch(() => {});
}

/** Gives a file the claim that this tab has now. If its run has been stopped, it ends the claim and returns false. */
export function giveClaim(
  task: FileTask,
  signal: AbortSignal,
  claim: { name: string; end(): void },
): boolean {
  if (signal.aborted) {
    claim.end();
    return false;
  }
  task.claim = claim.name;
  task.endClaim = claim.end;
  return true;
}

/**
 * Ends the claim of a file that has ended.
 *
 * @param removed resolves once its upload is removed: before that, another tab would continue it.
 */
export function endClaim(task: FileTask, removed: Promise<void> = Promise.resolve()): void {
  const { endClaim: end } = task;
  delete task.endClaim;
  if (end) void removed.then(end);
}

function callbacksOf(
  { env, store }: EngineContext,
  key: string,
  task: FileTask,
  signal: AbortSignal,
  onSent: () => void,
): UploadCallbacks {
  // Requests that a pause stops report once more, when the next run may have begun.
  const setSent = (sentBytes: number) => {
    if (!signal.aborted) task.sentBytes = sentBytes;
  };
  return {
    onOpened(upload, sentBytes) {
      setSent(sentBytes);
      store.dispatch({ type: "opened", key, signal, upload, sentBytes, atMs: env.now() });
    },
    onBytes: setSent,
    onWaiting: (waiting) => store.dispatch({ type: "waiting", key, signal, waiting }),
    onComparing: () => store.dispatch({ type: "comparing", key, signal, comparing: "sent" }),
    onSent() {
      const files = [{ key, signal, sentBytes: task.sentBytes }];
      store.dispatch({ type: "progressed", files, atMs: env.now() });
      store.dispatch({ type: "sent", key, signal });
      onSent();
    },
    onJob: (jobId) => store.dispatch({ type: "finished", key, signal, jobId }),
  };
}

/** Gives the file a new upload in its turn, instead of one of which another file has sent parts. */
function startAgain(context: EngineContext, key: string, task: FileTask, open: OpenUpload): void {
  void discardUpload(context, open);
  delete task.open;
  task.sentBytes = 0;
  context.store.dispatch({ type: "differed", key, signal: task.controller.signal });
  context.queue.unshift(key);
}

/** Runs a file's upload to its end. Once its bytes are sent, and again when it ends, the next batch may open. */
export async function runFile(
  context: EngineContext,
  key: string,
  open: OpenUpload,
): Promise<void> {
  const task = context.tasks.get(key);
  if (!task) return;
  const { signal } = task.controller;
  context.opened.add(open.upload.id);
  // Kept for a run after a pause, which would otherwise read all that has arrived again.
  const kept = { ...open, checksums: open.checksums ?? new Map() };
  task.open = kept;
  context.unsentCount += 1;
  let isCounted = true;
  const release = () => {
    if (isCounted) context.unsentCount -= 1;
    isCounted = false;
    context.openMore();
  };
  try {
    const callbacks = callbacksOf(context, key, task, signal, release);
    await runUpload({ file: task.file, open: kept, env: context.env, callbacks, signal });
    // A pause may come with the last response. The next run finds the completed upload.
    signal.throwIfAborted();
    context.tasks.delete(key);
    context.uploaded.add(identityOf(task));
    endClaim(task);
  } catch (error) {
    // After a failure the file is read again, because what was computed may be the reason. After a pause it is not.
    if (!signal.aborted) task.open = { ...continued(open), checksums: undefined };
    if (error instanceof UploadError && error.outcome.type === "differs" && !signal.aborted) {
      startAgain(context, key, task, open);
    } else failFile(context, key, signal, error);
  }
  release();
}
