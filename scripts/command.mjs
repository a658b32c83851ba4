/** Runs a TypeScript file of the project with the project's Node: `command.mjs FILE [arguments]`. */
import { main, runFile } from "./machine.mjs";
import { setup } from "./setup.mjs";

main(async () => {
  const [file = "", ...args] = process.argv.slice(2);
  await setup();
  await runFile(file, args);
});
