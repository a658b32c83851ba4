import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/**
 * Kills a program when this process ends, even with kill -9: the shell's stdin is a pipe whose other end only this
 * process holds, and when it closes the watcher kills the program.
 */
const WATCHED = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ cat <&3; kill -KILL "$child"; } >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$child"; status=$?
kill "$watcher" 2>/dev/null
exit $status
`;

/** Starts a program that dies with this process. Destroy its `stdin` to kill it. */
export function spawnWatched(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): ChildProcessByStdio<Writable, Readable, Readable> {
  const child = spawn("/bin/sh", ["-c", WATCHED, "rushes", command, ...args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // The pipe breaks if the program ends first, which is not an error.
  child.stdin.on("error", () => {});
  return child;
}
