import { createInterface } from "node:readline";
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

/**
 * Runs ffmpeg to its end, or until `signal` kills it. It would survive a closed stdin and stdout, so
 * spawnWatched ends it with this process. Rejects only if ffmpeg cannot be started.
 */
export function runFfmpeg(options: {
  path: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  limits?: EncoderLimits;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** Receives each line of its output. */
  onLine?(line: string): void;
}): Promise<FfmpegResult> {
  return new Promise((resolve, reject) => {
    const { limits } = options;
    const addressKib = limits
      ? String(Math.ceil((limits.memoryBytes * 2) / 1024) + BACKSTOP_KIB)
      : "unlimited";
    const command = ["-c", LIMITED, "ffmpeg", addressKib, options.path, ...options.args];
    const child = spawnWatched("/bin/sh", command, {
      cwd: options.cwd,
      env: options.env,
    });
    const kill = () => child.stdin.destroy();
    if (options.signal.aborted) kill();
    options.signal.addEventListener("abort", kill, { once: true });

    const lines: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      options.onLine?.(line);
      lines.push(line.slice(0, 1000));
      if (lines.length > 100) lines.shift();
    });
    const progress: Progress = { seconds: 0, frames: 0 };
    let pid: number | undefined;
    let limitError: JobError | undefined;
    const unwatch =
      limits &&
      watch(
        {
          pid: () => pid,
          folder: options.cwd,
          seconds: () => progress.seconds,
          stop: (error) => {
            limitError ??= error;
            kill();
          },
        },
        limits,
      );
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [key, value = ""] = line.split("=");
      if (key === "pid") pid = Number(value);
      if (key === "frame") progress.frames = Number(value) || progress.frames;
      // It is N/A until the first packet.
      if (key === "out_time_us") progress.seconds = Number(value) / 1e6 || progress.seconds;
      if (key === "progress") options.onProgress({ ...progress });
    });
    child.on("error", (error) => {
      unwatch?.();
      reject(error);
    });
    child.on("close", (code) => {
      unwatch?.();
      options.signal.removeEventListener("abort", kill);
      resolve({ code: code ?? 137, lines, progress, limitError });
    });
  });
}
