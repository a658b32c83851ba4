/** Runs a TypeScript file of the project with the project's Node: `command.mjs FILE [arguments]`. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { main, projectEnv, projectNode, ROOT } from "./machine.mjs";
import { setup } from "./setup.mjs";

main(async () => {
  const [file = "", ...args] = process.argv.slice(2);
  await setup();
  const child = spawn(projectNode(), [join(ROOT, file), ...args], {
    env: projectEnv(),
    stdio: "inherit",
  });
  // A terminal sends Ctrl-C to the command itself. Other signals arrive here and are passed on.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.exitCode = await new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done(code ?? 1));
  });
});
