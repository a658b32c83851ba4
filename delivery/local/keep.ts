/**
 * Runs one command for the pipeline in a process group of its own, and ends the group when the pipeline is
 * gone, however it went: kill -9 tells nobody, but the channel to us closes.
 */
import { spawn } from "node:child_process";

const PATIENCE_MS = 20_000;

const [program = "", ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });

function end(signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has gone by itself.
  }
}
function letGo(): void {
  end("SIGTERM");
  setTimeout(() => end("SIGKILL"), PATIENCE_MS);
}
process.on("disconnect", letGo);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, letGo);
child.once("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.once("close", (code) => {
  // What it has left behind in its group goes with it.
  end("SIGKILL");
  process.exit(code ?? 1);
});
