import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { spawnWatched } from "../process/child.ts";
import type { JobError } from "./errors.ts";
import { type EncoderLimits, watch } from "./limits.ts";

/**
 * `nice` keeps the web pages fast. The limit of the address space is a backstop for memory that grows faster
 * than the checks. ffmpeg maps far more than it uses: about 3 GB for 1.75 GB in use with a 2160p source.
 */
const LIMITED = 'ulimit -v "$1" 2>/dev/null; shift; echo "pid=$$"; exec nice -n 5 "$@"';

const BACKSTOP_KIB = 4 * 1024 ** 2;

export interface Progress {
  /** How many seconds of the output are written. */
  seconds: number;
  frames: number;
}

export interface FfmpegResult {
  /** ffmpeg's exit code; 137 if it was killed. */
  code: number;
  /** The last lines of its output, at most 100. */
  lines: string[];
  progress: Progress;
  /** Set if it was stopped because it exceeded a limit. */
  limitError?: JobError;
}

export interface FfmpegOptions {
  path: string;
  /** The arguments for inputs and outputs. */
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  limits?: EncoderLimits;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** Receives each warning and error of its log. */
  onLine?(line: string): void;
}

/** The output that `readLog` and `readProgress` parse. */
const OUTPUT_ARGS = [
  ..."-hide_banner -nostdin -nostats -loglevel +level+info -y".split(" "),
  ..."-progress pipe:1 -stats_period 0.25".split(" "),
];

/**
 * Runs ffmpeg to its end, or until `signal` kills it. It would survive a closed stdin and stdout, so
 * spawnWatched ends it with this process. Rejects only if ffmpeg cannot be started.
 */
export async function runFfmpeg(options: FfmpegOptions): Promise<FfmpegResult> {
  const { limits, signal, cwd, env } = options;
  const child = spawnWatched("/bin/sh", limitedCommand(options), { cwd, env });
  const kill = () => child.stdin.destroy();
  if (signal.aborted) kill();
  signal.addEventListener("abort", kill, { once: true });

  const lines: string[] = [];
  readLog(child.stderr, (line) => {
    options.onLine?.(line);
    lines.push(line.slice(0, 1000));
    if (lines.length > 100) lines.shift();
  });
  const run: Run = { progress: { seconds: 0, frames: 0 } };
  readProgress(child.stdout, run, options.onProgress);
  let limitError: JobError | undefined;
  const stop = (error: JobError) => {
    limitError ??= error;
    kill();
  };
  const seconds = () => run.progress.seconds;
  const unwatch = limits && watch({ pid: () => run.pid, folder: cwd, seconds, stop }, limits);
  try {
    const [code]: (number | null)[] = await once(child, "close");
    return { code: code ?? 137, lines, progress: run.progress, limitError };
  } finally {
    unwatch?.();
    signal.removeEventListener("abort", kill);
  }
}

function limitedCommand({ path, args, limits }: FfmpegOptions): string[] {
  const addressKib = limits
    ? String(Math.ceil((limits.memoryBytes * 2) / 1024) + BACKSTOP_KIB)
    : "unlimited";
  return ["-c", LIMITED, "ffmpeg", addressKib, path, ...OUTPUT_ARGS, ...args];
}

/** The optional names of components, such as `[libx264 @ 0x5581] `, and the level. */
const LEVEL = /^((?:\[[^\]]+ @ 0x[0-9a-f]+\] )*)\[([a-z]+)\] /;

/**
 * Passes on ffmpeg's warnings and errors, without their levels. Of its information, only the line about a signal:
 * if a signal ends it while it opens its input, its exit code and its errors are those for a damaged input.
 */
function readLog(stream: Readable, onMessage: (line: string) => void): void {
  let isInfo = false;
  createInterface({ input: stream }).on("line", (line) => {
    const [prefix = "", components = "", level] = LEVEL.exec(line) ?? [];
    // A line without a level continues the message before it, such as a description in the input's metadata.
    if (level) isInfo = level === "info";
    const message = components + line.slice(prefix.length);
    if (!isInfo || /^Exiting normally, received signal \d+/.test(message)) onMessage(message);
  });
}

interface Run {
  pid?: number;
  progress: Progress;
}

/** Updates `run` with the process id that the shell prints, and with the lines of `-progress`. */
function readProgress(stream: Readable, run: Run, onProgress: (progress: Progress) => void): void {
  const { progress } = run;
  createInterface({ input: stream }).on("line", (line) => {
    const [key, value = ""] = line.split("=");
    if (key === "pid") run.pid = Number(value);
    if (key === "frame") progress.frames = Number(value) || progress.frames;
    // It is N/A until the first packet.
    if (key === "out_time_us") progress.seconds = Number(value) / 1e6 || progress.seconds;
    if (key === "progress") onProgress({ ...progress });
  });
}
