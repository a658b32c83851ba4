/** The command `rushes`. docs/cli.md describes it. */
import { exitCodeOf, Interrupted } from "./exit.ts";
import { createProgram } from "./program.ts";

const interruption = new AbortController();
const { signal } = interruption;
// Once: a second Ctrl-C ends the process at once.
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => interruption.abort(new Interrupted()));
}

try {
  await createProgram(signal).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(signal.aborted ? signal.reason : error);
}
