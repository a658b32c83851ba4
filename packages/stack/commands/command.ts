/** What all commands share. */
import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { CliError } from "@rushes/core/cli-error";
import { VisibleError } from "@rushes/core/error";

/** The project's folder. */
export const ROOT = resolve(import.meta.dirname, "../../..");

/** Runs a command. An error that a person can correct is printed as its message, any other with its stack. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isExpected = error instanceof CliError || error instanceof VisibleError;
    const text = isExpected ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}

/** @throws CliError with what is wrong, and the usage */
export function parseCommand<Config extends ParseArgsConfig>(
  config: Config,
  usage: readonly string[] = [],
) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new CliError([String(error instanceof Error ? error.message : error), ...usage]);
  }
}
