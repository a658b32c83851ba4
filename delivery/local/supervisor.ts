/**
 * Runs one command for the pipeline in its own process group, and ends the group when the pipeline ends. After kill -9
 * the pipeline cannot send a signal, but its IPC channel closes.
 */
import { spawn } from "node:child_process";

/** Time between SIGTERM and SIGKILL. */
const GRACE_MS = 20_000;

const [program = "", ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });

function signalGroup(signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}
function stop(): void {
  signalGroup("SIGTERM");
  setTimeout(() => signalGroup("SIGKILL"), GRACE_MS);
}
process.on("disconnect", stop);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
child.once("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.once("close", (code) => {
  // Ends the processes that the command left in its group.
  signalGroup("SIGKILL");
  process.exit(code ?? 1);
});
