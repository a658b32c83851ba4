import { createInterface } from "node:readline";
import { spawnWatched } from "../child.ts";

export interface Progress {
  /** Seconds of the output that are written. */
  seconds: number;
  frames: number;
}

export interface Ended {
  /** 0, ffmpeg's exit code, or 137 where it was killed. */
  code: number;
  /** The end of what it said, at most 100 lines. */
  lines: string[];
  last: Progress;
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
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** Receives each line of its log. */
  onLine?(line: string): void;
}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // `nice` keeps the pages quick while it works.
    const child = spawnWatched("nice", ["-n", "5", options.path, ...options.args], {
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
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [key, value = ""] = line.split("=");
      if (key === "frame") last.frames = Number(value) || last.frames;
      // N/A until the first packet.
      if (key === "out_time_us") last.seconds = Number(value) / 1e6 || last.seconds;
      if (key === "progress") options.onProgress({ ...last });
    });
    child.on("error", reject);
    child.on("close", (code) => {
      options.signal.removeEventListener("abort", kill);
      resolve({ code: code ?? 137, lines, last });
    });
  });
}
