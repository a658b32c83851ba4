import { ofApi } from "./outcome.ts";
import { persist, type Waiting } from "./retry.ts";
import { type Ears, type Opened, run, untilMs, type World } from "./run.ts";
import { type Action, reduce, type State, type UploadFile } from "./state.ts";
import { ended, inFlight, initial } from "./status.ts";
import { type Problem, Trouble } from "./upload-error.ts";

/** The API takes so many files at once. */
const BATCH = 100;
/** How often progress is told: the requests' own events would be dozens a second. */
const TICK_MS = 250;
/** Changes are told together: a thousand files change several times each, and each telling renders. */
const TELL_MS = 50;

/** Everything that a page can do with uploads. Lives as long as the page; knows no React. */
export interface Engine {
  state(): State;
  /** Calls `listener` after every change; gives back the way to stop that. */
  subscribe(listener: () => void): () => void;
  add(files: readonly File[]): void;
  cancel(...keys: string[]): void;
  retry(key: string): void;
  dismiss(...keys: string[]): void;
}

interface Job {
  file: File;
  controller: AbortController;
  opened?: Opened;
  /** Bytes as the requests report them; told with the next tick. */
  sentBytes: number;
}

/** Where a file's own type is missing, what its name says; browsers know few containers. */
const TYPES: Record<string, string> = {
  mov: "video/quicktime",
  mkv: "video/x-matroska",
  avi: "video/x-msvideo",
  mxf: "application/mxf",
  ts: "video/mp2t",
};

export function contentType(file: { name: string; type: string }): string {
  const extension = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
  return file.type || TYPES[extension] || "application/octet-stream";
}

/** A request that creates uploads is never stopped half-way: what it made must be known to be discarded. */
const unstopped = new AbortController().signal;

/** Not randomUUID, which only pages of a secure context have. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function problemOf(error: unknown): Problem {
  if (error instanceof Trouble && error.outcome.type === "fail") return error.outcome.problem;
  return { type: "refused", message: "Something went wrong on this page. Try again." };
}

export interface EngineWorld extends World {
  /** Calls `task` at an interval; gives back the way to stop that. */
  every(ms: number, task: () => void): () => void;
  /** Calls `task` once, after `ms`. */
  after(ms: number, task: () => void): void;
}

export function createEngine(world: EngineWorld): Engine {
  let state = initial;
  let made = 0;
  let stopTicking: (() => void) | undefined;
  let telling = false;
  const listeners = new Set<() => void>();
  const jobs = new Map<string, Job>();
  /** Files without an upload, in the order of choosing. */
  const queue: string[] = [];
  let opening = false;
  /** How many files have an upload and still bytes to send. */
  let unsent = 0;

  function dispatch(action: Action) {
    const next = reduce(state, action);
    if (next === state) return;
    state = next;
    const moving = state.files.some((file) => file.status === "sending");
    if (moving) stopTicking ??= world.every(TICK_MS, tick);
    else {
      stopTicking?.();
      stopTicking = undefined;
    }
    if (telling) return;
    telling = true;
    world.after(TELL_MS, () => {
      telling = false;
      for (const listener of listeners) listener();
    });
  }

  function filesOf(keys: readonly string[]): UploadFile[] {
    const wanted = new Set(keys);
    return state.files.filter(({ key }) => wanted.has(key));
  }

  function tick() {
    const files = state.files.flatMap(({ key, signal, status }) => {
      const job = status === "sending" ? jobs.get(key) : undefined;
      return job ? [{ key, signal, sentBytes: job.sentBytes }] : [];
    });
    dispatch({ type: "progressed", files, atMs: world.now() });
  }

  function ears(key: string, job: Job, signal: AbortSignal, onSent: () => void): Ears {
    return {
      onOpened(upload, sentBytes) {
        job.sentBytes = sentBytes;
        dispatch({ type: "opened", key, signal, upload, sentBytes, atMs: world.now() });
      },
      onBytes: (sentBytes) => {
        job.sentBytes = sentBytes;
      },
      onWaiting: (waiting) => dispatch({ type: "waiting", key, signal, waiting }),
      onSent() {
        const files = [{ key, signal, sentBytes: job.sentBytes }];
        dispatch({ type: "progressed", files, atMs: world.now() });
        dispatch({ type: "sent", key, signal });
        onSent();
      },
      onFollowed: (jobId) => dispatch({ type: "followed", key, signal, jobId }),
    };
  }

  /** A cancel is no failure, and a run that was cancelled has nothing more to say. */
  function fail(key: string, signal: AbortSignal, error: unknown) {
    if (signal.aborted) return;
    const problem = problemOf(error);
    const job = jobs.get(key);
    // Only where the bytes so far are worth something is the upload taken up again; else it starts anew.
    if (job && problem.type !== "damaged" && problem.type !== "storage_full") {
      if (job.opened && problem.type !== "expired")
        discard(job.opened.upload.id, job.opened.untilMs);
      delete job.opened;
    }
    dispatch({ type: "failed", key, signal, problem });
    if (!(error instanceof Trouble)) globalThis.reportError?.(error);
  }

  /**
   * Removes an upload, after an outage too: a canceled file must not count against the quota for days.
   * What the server refuses to remove is gone already, or expires.
   */
  function discard(uploadId: string, untilMs: number) {
    persist(() => world.api.remove(uploadId), world, unstopped, { untilMs }).catch(() => {});
  }

  async function go(key: string, job: Job, opened: Opened, signal: AbortSignal) {
    job.opened = opened;
    let isCounted = true;
    unsent += 1;
    const release = () => {
      if (isCounted) unsent -= 1;
      isCounted = false;
      openMore();
    };
    try {
      await run(job.file, opened, world, ears(key, job, signal, release), signal);
      jobs.delete(key);
    } catch (error) {
      job.opened = { ...opened, requests: [], resumed: true };
      fail(key, signal, error);
    }
    release();
  }

  /** Asks for the uploads of up to 100 files, then starts those that were granted. */
  async function open(keys: string[]) {
    const offered = keys.flatMap((key) => {
      const job = jobs.get(key);
      return job && !job.controller.signal.aborted
        ? [{ key, job, signal: job.controller.signal }]
        : [];
    });
    if (offered.length === 0) return;
    const names = offered.map(({ job: { file } }) => ({
      name: file.name,
      sizeBytes: file.size,
      contentType: contentType(file),
    }));
    const idempotencyKey = newKey();
    const controller = new AbortController();
    for (const { signal } of offered) {
      signal.addEventListener("abort", () => {
        if (offered.every((one) => one.signal.aborted)) controller.abort();
      });
    }
    try {
      const ask = () => world.api.create(names, idempotencyKey, unstopped);
      const onWaiting = (waiting: Waiting | undefined) => {
        for (const { key, signal } of offered) dispatch({ type: "waiting", key, signal, waiting });
      };
      const results = await persist(ask, world, controller.signal, { onWaiting });
      for (const [index, { key, job, signal }] of offered.entries()) {
        const result = results[index];
        if (!result) throw new Error("The server answered with fewer uploads than files.");
        if ("error" in result) {
          const answer = { status: 400, ...result.error };
          fail(key, signal, new Trouble(ofApi(answer, world.now())));
          continue;
        }
        const expires = untilMs(result.upload, world.now());
        if (signal.aborted) discard(result.upload.id, expires);
        else void go(key, job, { ...result, resumed: false, untilMs: expires }, signal);
      }
    } catch (error) {
      for (const { key, signal } of offered) fail(key, signal, error);
    }
  }

  /**
   * Batch after batch, in the order of choosing, each once the last one has nearly been sent: the server
   * limits how many uploads are open, and a page that closes leaves few of them behind.
   */
  function openMore() {
    if (opening || queue.length === 0 || unsent >= BATCH / 2) return;
    opening = true;
    void open(queue.splice(0, BATCH)).then(() => {
      opening = false;
      openMore();
    });
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add(files) {
      const chosen = files.map((file) => {
        made += 1;
        const key = `file-${made}`;
        const controller = new AbortController();
        jobs.set(key, { file, controller, sentBytes: 0 });
        return { key, name: file.name, sizeBytes: file.size, signal: controller.signal };
      });
      dispatch({ type: "chosen", files: chosen, atMs: world.now() });
      const empty = chosen.filter((file) => file.sizeBytes === 0);
      for (const { key, signal } of empty) {
        fail(key, signal, new Trouble({ type: "fail", problem: { type: "empty" } }));
      }
      for (const { key, sizeBytes } of chosen) if (sizeBytes > 0) queue.push(key);
      openMore();
    },
    cancel(...keys) {
      const files = filesOf(keys).filter(inFlight);
      dispatch({ type: "canceled", keys: files.map(({ key }) => key) });
      for (const { key } of files) {
        const job = jobs.get(key);
        jobs.delete(key);
        job?.controller.abort();
        if (job?.opened) discard(job.opened.upload.id, job.opened.untilMs);
      }
    },
    retry(key) {
      const job = jobs.get(key);
      const file = state.files.find((candidate) => candidate.key === key);
      if (!job || file?.status !== "failed") return;
      job.controller = new AbortController();
      job.sentBytes = 0;
      dispatch({ type: "retried", key, signal: job.controller.signal });
      if (job.opened) void go(key, job, job.opened, job.controller.signal);
      else void open([key]);
    },
    dismiss(...keys) {
      const files = filesOf(keys).filter(ended);
      for (const { key } of files) {
        const opened = jobs.get(key)?.opened;
        if (opened) discard(opened.upload.id, opened.untilMs);
        jobs.delete(key);
      }
      dispatch({ type: "dismissed", keys: files.map(({ key }) => key) });
    },
  };
}
