import type { Info as Upload } from "@rushes/core/upload/schema";
import * as Meter from "./meter.ts";
import type { Waiting } from "./persist.ts";
import type { Problem } from "./problem.ts";
import { ended, inFlight } from "./status.ts";

/** What is known of a file from the moment it is chosen. `key` lives as long as the page. */
interface Chosen {
  key: string;
  name: string;
  sizeBytes: number;
  /** Of the run that this state belongs to: an action with another signal comes too late. */
  signal: AbortSignal;
}

/** Where one file stands. Each state has exactly the fields that make sense in it. */
export type UploadFile = Chosen &
  (
    | { status: "queued"; waiting?: Waiting }
    | {
        status: "sending";
        uploadId: string;
        sentBytes: number;
        meter: Meter.Meter;
        waiting?: Waiting;
      }
    /** Every byte has arrived; the service has not yet said which job it became. */
    | { status: "finishing"; uploadId: string; waiting?: Waiting }
    | { status: "done"; uploadId: string; jobId?: string }
    | { status: "failed"; problem: Problem; uploadId?: string; sentBytes: number }
    | { status: "canceled" }
  );
export type Status = UploadFile["status"];

export interface State {
  files: readonly UploadFile[];
  /** Over all files of this page, also those that have gone: what went over the line. */
  meter: Meter.Meter;
}

type Run = { key: string; signal: AbortSignal };
export type Action =
  | { type: "chosen"; files: readonly (Run & { name: string; sizeBytes: number })[]; atMs: number }
  | (Run & { type: "opened"; upload: Pick<Upload, "id">; sentBytes: number; atMs: number })
  | { type: "progressed"; files: readonly (Run & { sentBytes: number })[]; atMs: number }
  | (Run & { type: "waiting"; waiting: Waiting | undefined })
  | (Run & { type: "sent" })
  | (Run & { type: "followed"; jobId: string | undefined })
  | (Run & { type: "failed"; problem: Problem })
  | { type: "canceled"; key: string }
  /** A new run of a file that failed, under a new signal. */
  | (Run & { type: "retried" })
  | { type: "dismissed"; key: string };

/** Applies `change` to the file that the run belongs to, unless the run is over. */
function change(state: State, run: Run, apply: (file: UploadFile) => UploadFile): State {
  let changed = false;
  const files = state.files.map((file) => {
    if (file.key !== run.key || file.signal !== run.signal || ended(file)) return file;
    const next = apply(file);
    changed ||= next !== file;
    return next;
  });
  return changed ? { ...state, files } : state;
}

function chosen({ key, name, sizeBytes, signal }: Chosen): Chosen {
  return { key, name, sizeBytes, signal };
}

/** Progress never moves back: a part that is sent again stands still until it has caught up. */
function progressed(state: State, action: Extract<Action, { type: "progressed" }>): State {
  let gained = 0;
  let next = state;
  for (const run of action.files) {
    next = change(next, run, (file) => {
      if (file.status !== "sending") return file;
      const sentBytes = Math.min(Math.max(run.sentBytes, file.sentBytes), file.sizeBytes);
      gained += sentBytes - file.sentBytes;
      const meter = Meter.sample(file.meter, sentBytes, action.atMs);
      const { waiting, ...moving } = file;
      // Parts that are on their way arrive without a session; the file waits for one all the same.
      const still = sentBytes === file.sentBytes || waiting === "signed_out" ? { waiting } : {};
      return { ...moving, ...still, sentBytes, meter };
    });
  }
  return { ...next, meter: Meter.sample(next.meter, next.meter.bytes + gained, action.atMs) };
}

/** The next state. An action that comes too late, or fits no file, gives back the same state. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "chosen": {
      const fresh = action.files.map((file): UploadFile => ({ ...chosen(file), status: "queued" }));
      // After a rest, the speed of the last uploads says nothing about these.
      const meter = state.files.some(inFlight) ? state.meter : Meter.start(action.atMs);
      return { files: [...state.files, ...fresh], meter };
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
    case "followed":
      return change(state, action, (file) =>
        file.status === "sending" || file.status === "finishing"
          ? {
              ...chosen(file),
              status: "done",
              uploadId: file.uploadId,
              ...(action.jobId ? { jobId: action.jobId } : {}),
            }
          : file,
      );
    case "failed":
      return change(state, action, (file) => ({
        ...chosen(file),
        status: "failed",
        problem: action.problem,
        sentBytes: file.status === "sending" ? file.sentBytes : 0,
        ...("uploadId" in file ? { uploadId: file.uploadId } : {}),
      }));
    case "canceled":
      return {
        ...state,
        files: state.files.map((file) =>
          file.key === action.key && inFlight(file)
            ? { ...chosen(file), status: "canceled" }
            : file,
        ),
      };
    case "retried":
      return {
        ...state,
        files: state.files.map((file) =>
          file.key === action.key && file.status === "failed"
            ? { ...chosen(file), signal: action.signal, status: "queued" }
            : file,
        ),
      };
    case "dismissed":
      return {
        ...state,
        files: state.files.filter((file) => file.key !== action.key || !ended(file)),
      };
  }
}
