/** How a command ends. docs/cli.md lists the exit codes. */
import { ClientError } from "@rushes/client";
import { CommanderError } from "commander";

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;

/** Arguments or settings that are wrong. */
export class UsageError extends Error {}
/** Ctrl-C, or SIGTERM. */
export class Interrupted extends Error {}
/** The command has already printed what failed. */
export class Failed extends Error {}

const NO_TOKEN =
  "The server requires a valid API token. Create one on the settings page of the server, then run `rushes login`.";

/** What went wrong and what to do, for the user. A bug has its stack. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ClientError && error.code === "actor.required") return NO_TOKEN;
  if (error instanceof ClientError || error instanceof UsageError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Prints the error, and returns the exit code. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Failed) return EXIT.failed;
  if (error instanceof Interrupted) {
    process.stderr.write("Interrupted. Run the same command again to continue.\n");
    return EXIT.interrupted;
  }
  // Commander has already printed the message, or the help that was requested.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  process.stderr.write(`${sentenceOf(error)}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}
