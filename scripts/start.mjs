/** `npm start`: sets up, builds, starts the whole home, and stays until it is stopped. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { main, projectEnv, projectNode, ROOT } from "./machine.mjs";
import { setup } from "./setup.mjs";

main(async () => {
  await setup();
  await build();
  // In a group of its own, so that Ctrl-C reaches the home once, through us, and not all of its
  // processes at the same moment. The channel tells it when we are gone, however we went.
  const home = spawn(projectNode(), [join(ROOT, "packages/local/main.ts")], {
    cwd: ROOT,
    env: projectEnv(),
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => home.kill(signal));
  }
  // A SIGTERM to npm ends npm and its shell but is not passed on: losing our parent says the same.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    home.kill("SIGTERM");
  }, 250);
  const code = await new Promise((done, fail) => {
    home.once("error", fail);
    home.once("close", (status, signal) => done(status ?? (signal ? 1 : 0)));
  });
  process.exit(code);
});
