import { createInterface } from "node:readline";
import { spawnWatched } from "../process/child.ts";
import type { JobError } from "./errors.ts";
import { type EncoderLimits, watch } from "./limits.ts";

/**
 * `nice` keeps the pages quick while it works. The limit of the address space is a backstop for what
 * grows faster than it is watched. Far more is mapped than used: some 3 GB of 1.75 for a 2160p source.
 */
const LIMITED = 'ulimit -v "$1" 2>/dev/null; shift; echo "pid=$$"; exec nice -n 5 "$@"';

const BACKSTOP_KIB = 4 * 1024 ** 2;

export interface Progress {
  /** Seconds of the output that are written. */
  seconds: number;
  frames: number;
}

export interface FfmpegResult {
  /** 0, ffmpeg's exit code, or 137 where it was killed. */
  code: number;
  /** The end of what it said, at most 100 lines. */
  lines: string[];
  last: Progress;
  /** Why it was ended, where it exceeded a limit. */
  stopped?: JobError;
}

/**
 * Runs ffmpeg to its end, or until `signal` kills it; it survives a closed stdin and stdout, so it is
 * watched. Rejects only where it cannot be started.
 */
export function runFfmpeg(options: {
  path: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  limits?: EncoderLimits;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** Receives each line of its log. */
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
      ...(options.env && { env: options.env }),
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
    const last: Progress = { seconds: 0, frames: 0 };
    let pid: number | undefined;
    let stopped: JobError | undefined;
    const unwatch =
      limits &&
      watch(
        {
          pid: () => pid,
          folder: options.cwd,
          seconds: () => last.seconds,
          stop: (error) => {
            stopped ??= error;
            kill();
          },
        },
        limits,
      );
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [key, value = ""] = line.split("=");
      if (key === "pid") pid = Number(value);
      if (key === "frame") last.frames = Number(value) || last.frames;
      // N/A until the first packet.
      if (key === "out_time_us") last.seconds = Number(value) / 1e6 || last.seconds;
      if (key === "progress") options.onProgress({ ...last });
    });
    child.on("error", (error) => {
      unwatch?.();
      reject(error);
    });
    child.on("close", (code) => {
      unwatch?.();
      options.signal.removeEventListener("abort", kill);
      resolve({ code: code ?? 137, lines, last, ...(stopped && { stopped }) });
    });
  });
}
