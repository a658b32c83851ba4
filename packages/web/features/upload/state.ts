import type { Info as Upload } from "@rushes/core/upload/schema";
import * as Meter from "./meter.ts";
import type { Waiting } from "./retry.ts";
import { ended, inFlight } from "./status.ts";
import type { UploadProblem } from "./upload-error.ts";
import type { Chosen, State, UploadFile } from "./upload-file.ts";

type Run = { key: string; signal: AbortSignal };
export type Action =
  | { type: "chosen"; files: readonly (Run & { name: string; sizeBytes: number })[]; atMs: number }
  | (Run & { type: "opened"; upload: Pick<Upload, "id">; sentBytes: number; atMs: number })
  | { type: "progressed"; files: readonly (Run & { sentBytes: number })[]; atMs: number }
  | (Run & { type: "waiting"; waiting: Waiting | undefined })
  | (Run & { type: "sent" })
  | (Run & { type: "finished"; jobId: string | undefined })
  | (Run & { type: "failed"; problem: UploadProblem })
  | { type: "canceled"; keys: readonly string[] }
  /** A new run of a file that failed, under a new signal. */
  | (Run & { type: "retried" })
  | { type: "dismissed"; keys: readonly string[] };

/** Applies `change` to the file of `key`. The other files stay the objects that they were. */
function changeFile(state: State, key: string, apply: (file: UploadFile) => UploadFile): State {
  const index = state.files.findIndex((file) => file.key === key);
  const file = state.files[index];
  const next = file && apply(file);
  if (!next || next === file) return state;
  return { ...state, files: state.files.with(index, next) };
}

/** Applies `change` to the file that the run belongs to, unless the run is over. */
function change(state: State, run: Run, apply: (file: UploadFile) => UploadFile): State {
  return changeFile(state, run.key, (file) =>
    file.signal === run.signal && !ended(file) ? apply(file) : file,
  );
}

function chosen({ key, name, sizeBytes, signal }: Chosen): Chosen {
  return { key, name, sizeBytes, signal };
}

/** A file after progress. Progress never decreases: a part that is sent again catches up first. */
function advanced(file: UploadFile, reachedBytes: number, atMs: number): UploadFile {
  if (file.status !== "sending") return file;
  const sentBytes = Math.min(Math.max(reachedBytes, file.sentBytes), file.sizeBytes);
  const meter = Meter.sample(file.meter, sentBytes, atMs);
  if (sentBytes === file.sentBytes) return meter === file.meter ? file : { ...file, meter };
  const { waiting, ...moving } = file;
  // Parts in flight finish without a session, but the file still waits for one.
  return { ...moving, waiting: waiting === "signed_out" ? waiting : undefined, sentBytes, meter };
}

/** One pass over the files. Files without progress keep their identity. */
function progressed(state: State, action: Extract<Action, { type: "progressed" }>): State {
  const runs = new Map(action.files.map((run) => [run.key, run]));
  let movedBytes = state.movedBytes;
  let changed = false;
  const files = state.files.map((file) => {
    const run = runs.get(file.key);
    if (run?.signal !== file.signal) return file;
    const next = advanced(file, run.sentBytes, action.atMs);
    if (next === file) return file;
    changed = true;
    if (next.status === "sending" && file.status === "sending") {
      movedBytes += next.sentBytes - file.sentBytes;
    }
    return next;
  });
  const meter = Meter.sample(state.meter, movedBytes, action.atMs);
  if (!changed && meter === state.meter) return state;
  return { files: changed ? files : state.files, movedBytes, meter };
}

/** The next state. An action that is too late or matches no file returns the same state. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "chosen": {
      const fresh = action.files.map((file): UploadFile => ({ ...chosen(file), status: "queued" }));
      // After a pause, the speed of the last uploads does not apply to these.
      const meter = state.files.some(inFlight)
        ? state.meter
        : Meter.start(action.atMs, state.movedBytes);
      return { ...state, files: [...state.files, ...fresh], meter };
    }
    case "opened":
      return change(state, action, (file) =>
        file.status === "queued"
          ? {
              ...chosen(file),
              status: "sending",
              uploadId: action.upload.id,
              sentBytes: action.sentBytes,
              meter: Meter.start(action.atMs, action.sentBytes),
            }
          : file,
      );
    case "progressed":
      return progressed(state, action);
    case "waiting":
      return change(state, action, (file) =>
        (file.status === "queued" || file.status === "sending" || file.status === "finishing") &&
        file.waiting !== action.waiting
          ? { ...file, waiting: action.waiting }
          : file,
      );
    case "sent":
      return change(state, action, (file) =>
        file.status === "sending"
          ? { ...chosen(file), status: "finishing", uploadId: file.uploadId }
          : file,
      );
    case "finished":
      return change(state, action, (file) =>
        file.status === "sending" || file.status === "finishing"
          ? {
              ...chosen(file),
              status: "done",
              uploadId: file.uploadId,
              jobId: action.jobId,
            }
          : file,
      );
    case "failed":
      return change(state, action, (file) => ({
        ...chosen(file),
        status: "failed",
        problem: action.problem,
        sentBytes: file.status === "sending" ? file.sentBytes : 0,
        uploadId: "uploadId" in file ? file.uploadId : undefined,
      }));
    case "canceled": {
      const keys = new Set(action.keys);
      const files = state.files.map(
        (file): UploadFile =>
          keys.has(file.key) && inFlight(file) ? { ...chosen(file), status: "canceled" } : file,
      );
      return { ...state, files };
    }
    case "retried":
      return changeFile(state, action.key, (file) =>
        file.status === "failed"
          ? { ...chosen(file), signal: action.signal, status: "queued" }
          : file,
      );
    case "dismissed": {
      const keys = new Set(action.keys);
      const files = state.files.filter((file) => !keys.has(file.key) || !ended(file));
      return { ...state, files };
    }
  }
}
