/**
 * The process behind `npm start`. It starts the services and the web app and prints their URLs. It exits with 0 when
 * it is asked to stop (SIGINT, SIGTERM, SIGHUP, or the end of its parent), and with 1 and a message when it cannot
 * continue. A second signal ends it at once, which loses nothing that was acknowledged. `--check` only validates the
 * settings.
 */
import { resolve } from "node:path";
import { CliError } from "@rushes/core/cli-error";
import { loadSettings } from "./settings/index.ts";
import { createShutdown } from "./shutdown.ts";
import { startStack } from "./start.ts";

const ROOT = resolve(import.meta.dirname, "../..");

const shutdown = createShutdown((error) => {
  process.stderr.write(`While stopping: ${String(error)}\n`);
});
/** Aborts when the process is asked to stop. */
const stopping = new AbortController();
const stopRequested = new Promise<void>((done) => {
  stopping.signal.addEventListener("abort", () => done());
});
let signals = 0;

function onSignal(): void {
  signals += 1;
  if (signals > 1) process.exit(0);
  stopping.abort();
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
// npm start holds a channel to this process. If that channel closes, npm start has died.
process.on("disconnect", () => stopping.abort());

function report(error: unknown): void {
  if (error instanceof CliError) {
    process.stderr.write(`\n${error.messages.map((message) => `  ${message}`).join("\n")}\n\n`);
  } else {
    process.stderr.write(`\n  Rushes could not start: ${String(error)}\n\n`);
    if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`);
  }
  process.exitCode = 1;
}

if (process.argv.includes("--check")) {
  await loadSettings(ROOT).catch(report);
  process.exit();
}

const starting = startStack(ROOT, shutdown, stopping.signal);
try {
  const started = await Promise.race([stopRequested, starting]);
  const failure = started && (await Promise.race([stopRequested, started.failed]));
  if (failure) {
    process.stderr.write(`\n  ${failure}\n\n`);
    process.exitCode = 1;
  }
} catch (error) {
  report(error);
}
// If the stop was requested during the start: a part must have started before it can stop.
await starting.catch(() => {});
await shutdown.run();
process.exit();
