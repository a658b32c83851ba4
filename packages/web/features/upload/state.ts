import type { UploadProblem } from "@rushes/core/transfer/upload-error";
import type { Existing, Info as Upload } from "@rushes/core/upload/schema";
import * as Meter from "./meter.ts";
import { ended, inFlight } from "./status.ts";
import type { Chosen, Comparing, FileWaiting, Repeated, State, UploadFile } from "./upload-file.ts";

type Run = { key: string; signal: AbortSignal };
/** An action of one run of one file. */
type RunAction = Run &
  (
    | { type: "opened"; upload: Pick<Upload, "id">; sentBytes: number; atMs: number }
    | { type: "waiting"; waiting: FileWaiting | undefined }
    | { type: "comparing"; comparing: Comparing }
    | { type: "differed" }
    | { type: "sent" }
    | { type: "finished"; jobId: string | undefined }
    | { type: "failed"; problem: UploadProblem }
  );
export type Action =
  | { type: "chosen"; files: readonly (Run & { name: string; sizeBytes: number })[]; atMs: number }
  | RunAction
  | { type: "progressed"; files: readonly (Run & { sentBytes: number })[]; atMs: number }
  | { type: "canceled"; keys: readonly string[] }
  | { type: "paused"; keys: readonly string[] }
  /** New runs of files that failed or are paused, each under a new signal. */
  | { type: "restarted"; runs: readonly Run[] }
  | { type: "dismissed"; keys: readonly string[] }
  /** Files were chosen that are uploaded or on their way. */
  | { type: "repeated"; files: readonly Repeated[] }
  /** A video was made of the file before. It waits for a decision. */
  | (Run & { type: "existing"; video: Existing })
  /** The user has decided about all of them. */
  | { type: "decided" };

export const initial: State = {
  files: [],
  gone: { files: 0, sizeBytes: 0 },
  repeated: [],
  movedBytes: 0,
  meter: Meter.start(0),
};

/** Applies a function to the file of `key`. The other files stay the objects that they were. */
function changeFile(state: State, key: string, apply: (file: UploadFile) => UploadFile): State {
  const index = state.files.findIndex((file) => file.key === key);
  const file = state.files[index];
  const next = file && apply(file);
  if (!next || next === file) return state;
  return { ...state, files: state.files.with(index, next) };
}

function chosen({ key, name, sizeBytes, signal, differed }: Chosen): Chosen {
  return { key, name, sizeBytes, signal, ...(differed && { differed }) };
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
  return { ...state, files: changed ? files : state.files, movedBytes, meter };
}

/** The file after an action of its run. An action that does not fit its status returns the same file. */
function afterRun(file: UploadFile, action: RunAction): UploadFile {
  switch (action.type) {
    case "opened": {
      if (file.status !== "queued") return file;
      const { upload, atMs } = action;
      const sentBytes = Math.min(action.sentBytes, file.sizeBytes);
      const meter = Meter.start(atMs, sentBytes);
      return { ...chosen(file), status: "sending", uploadId: upload.id, sentBytes, meter };
    }
    case "waiting":
      return (file.status === "queued" ||
        file.status === "sending" ||
        file.status === "finishing") &&
        file.waiting !== action.waiting
        ? { ...file, waiting: action.waiting }
        : file;
    case "comparing":
      return file.status === "queued" ? { ...file, comparing: action.comparing } : file;
    case "differed":
      return file.status === "queued"
        ? { ...chosen(file), status: "queued", differed: true }
        : file;
    case "sent":
      return file.status === "sending"
        ? { ...chosen(file), status: "finishing", uploadId: file.uploadId }
        : file;
    case "finished":
      return file.status === "sending" || file.status === "finishing"
        ? { ...chosen(file), status: "done", uploadId: file.uploadId, jobId: action.jobId }
        : file;
    case "failed":
      return {
        ...chosen(file),
        status: "failed",
        problem: action.problem,
        sentBytes: file.status === "sending" ? file.sentBytes : 0,
        uploadId: "uploadId" in file ? file.uploadId : undefined,
      };
  }
}

/** The state with the chosen files behind the others. */
function added(state: State, action: Extract<Action, { type: "chosen" }>): State {
  const fresh = action.files.map((file): UploadFile => ({ ...chosen(file), status: "queued" }));
  const files = [...state.files, ...fresh];
  if (!state.files.every(ended)) return { ...state, files };
  // After a pause, the speed and the total of the last uploads do not apply to these.
  const meter = Meter.start(action.atMs, state.movedBytes);
  return { ...state, files, meter, gone: initial.gone };
}

/** True while a pause would stop the upload. */
export function isPausable(file: UploadFile): boolean {
  return file.status === "queued" || file.status === "sending";
}

/** True while a run of the file is under way. */
const isRunning = (file: UploadFile) => !ended(file) && file.status !== "paused";

/** Bytes that count as sent while the file is not being sent. */
const keptBytes = (file: UploadFile) => ("sentBytes" in file ? (file.sentBytes ?? 0) : 0);

/** Applies a function to each of these files. */
function changeFiles(
  state: State,
  keys: readonly string[],
  apply: (file: UploadFile) => UploadFile,
): State {
  const wanted = new Set(keys);
  return {
    ...state,
    files: state.files.map((file) => (wanted.has(file.key) ? apply(file) : file)),
  };
}

function canceled(file: UploadFile): UploadFile {
  return inFlight(file) ? { ...chosen(file), status: "canceled" } : file;
}

function paused(file: UploadFile): UploadFile {
  return isPausable(file)
    ? { ...chosen(file), status: "paused", sentBytes: keptBytes(file) }
    : file;
}

function restarted(state: State, runs: readonly Run[]): State {
  const signals = new Map(runs.map(({ key, signal }) => [key, signal]));
  return changeFiles(state, [...signals.keys()], (file) => {
    const signal = signals.get(file.key);
    if (!signal || (file.status !== "failed" && file.status !== "paused")) return file;
    const sentBytes = file.status === "paused" ? file.sentBytes : undefined;
    return { ...chosen(file), signal, status: "queued", sentBytes };
  });
}

function dismissed(state: State, keys: ReadonlySet<string>): State {
  const files = state.files.filter((file) => !keys.has(file.key) || !ended(file));
  const left = state.files.filter((file) => keys.has(file.key) && file.status === "done");
  const gone = {
    files: state.gone.files + left.length,
    sizeBytes: state.gone.sizeBytes + left.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
  return { ...state, files, gone };
}

/** The state without a file that waits for a decision now. */
function setAside(state: State, action: Extract<Action, { type: "existing" }>): State {
  const { key, signal, video } = action;
  const file = state.files.find((one) => one.key === key);
  if (file?.signal !== signal || file.status !== "queued") return state;
  return {
    ...state,
    files: state.files.filter((one) => one !== file),
    repeated: [...state.repeated, { name: file.name, video }],
  };
}

/** The next state. An action that is too late or matches no file returns the same state. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "chosen":
      return added(state, action);
    case "progressed":
      return progressed(state, action);
    case "opened":
    case "waiting":
    case "comparing":
    case "differed":
    case "sent":
    case "finished":
    case "failed":
      // The run is over once the file has ended, is paused or has a new signal.
      return changeFile(state, action.key, (file) =>
        file.signal === action.signal && isRunning(file) ? afterRun(file, action) : file,
      );
    case "canceled":
      return changeFiles(state, action.keys, canceled);
    case "paused":
      return changeFiles(state, action.keys, paused);
    case "restarted":
      return restarted(state, action.runs);
    case "dismissed":
      return dismissed(state, new Set(action.keys));
    case "repeated":
      return { ...state, repeated: [...state.repeated, ...action.files] };
    case "existing":
      return setAside(state, action);
    case "decided":
      return { ...state, repeated: [] };
  }
}
