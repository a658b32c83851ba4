/** `npm run dev -- COMMAND`: the commands that only contributors need. */
import { join } from "node:path";
import { models, recordCalls, types } from "./infra.mjs";
import { CliError, main, projectNode, ROOT, run } from "./machine.mjs";
import { setup } from "./setup.mjs";

/** Each resolves with an exit code. */
const COMMANDS = {
  /** Formats all files and fixes what the linter can fix. */
  format: () =>
    run(projectNode(), [
      join(ROOT, "node_modules/@biomejs/biome/bin/biome"),
      "check",
      "--write",
      ".",
    ]),
  /** Writes the types of the API that packages/client uses. */
  client: () =>
    run(projectNode(), [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project=pure",
      "packages/client/api.test.ts",
      "--update",
    ]),
  /** Unpacks SST's platform, which the types and tests of infra/ need. */
  types: async () => {
    await types();
    return 0;
  },
  /** Records the AWS calls of each function in infra/calls.json. */
  calls: recordCalls,
  /** Extracts AWS's service models again. */
  models,
};

main(async () => {
  const [name = ""] = process.argv.slice(2);
  if (!Object.hasOwn(COMMANDS, name)) {
    throw new CliError(`Usage: npm run dev -- ${Object.keys(COMMANDS).join("|")}`);
  }
  await setup();
  process.exitCode = await COMMANDS[name]();
});
