/**
 * `npm run e2e`: installs packages and Chromium if needed, and tests a running instance. The machine does not need to
 * be able to run Rushes.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { main, projectEnv, projectNode, ROOT } from "./machine.mjs";
import { chromium, packages } from "./setup.mjs";

main(async () => {
  await packages();
  const browser = await chromium();
  const child = spawn(
    projectNode(),
    [join(ROOT, "delivery/e2e/index.ts"), ...process.argv.slice(2)],
    {
      env: { ...projectEnv(), ...(browser && { CHROMIUM_PATH: browser }) },
      stdio: "inherit",
    },
  );
  // A terminal sends Ctrl-C to the command itself. Other signals arrive here and are passed on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done(code ?? 1));
  });
});
