import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Runs the encoder so that it never outlives this process, even killed with -9: its stdin is a
 * pipe whose other end only we hold; when that closes, the shell's watcher kills the encoder.
 * ffmpeg itself survives both a closed stdin and a closed stdout. `nice` keeps the pages quick
 * while it works.
 */
const WATCHED = `
exec 3<&0
nice -n 5 "$@" </dev/null 3<&- &
child=$!
{ cat <&3; kill -KILL "$child"; } >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$child"; status=$?
kill "$watcher" 2>/dev/null
exit $status
`;

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

/** Runs ffmpeg to its end, or until `signal` kills it. Rejects only where it cannot be started. */
export function runFfmpeg(options: {
  path: string;
  args: string[];
  cwd: string;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      "/bin/sh",
      ["-c", WATCHED, "rushes-encoder", options.path, ...options.args],
      {
        cwd: options.cwd,
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    // The pipe breaks when the shell ends first, which is no fault.
    child.stdin.on("error", () => {});
    const kill = () => child.stdin.destroy();
    if (options.signal.aborted) kill();
    options.signal.addEventListener("abort", kill, { once: true });

    const lines: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
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
