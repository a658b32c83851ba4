/**
 * `npm start`: sets up, builds, starts the whole home, and stays until it is stopped.
 * `npm start -- --public` lets others in, who then must sign in: the same as RUSHES_PUBLIC=yes.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { main, projectEnv, projectNode, ROOT, run, Sentence } from "./machine.mjs";
import { repair, setup } from "./setup.mjs";

const TWICE_MS = 700;

/** True from the moment when somebody has asked for the end. */
let stopped = false;

/** What the command line adds to the environment. */
function asked(args) {
  const unknown = args.find((arg) => arg !== "--public");
  if (unknown) {
    throw new Sentence(`npm start does not know "${unknown}"; it takes --public, and settings.`);
  }
  return args.length > 0 ? { RUSHES_PUBLIC: "yes" } : {};
}

/** Runs the home until it ends, and resolves with its exit code. */
async function serve(file, env) {
  // In a group of its own, so that Ctrl-C reaches the home once, through us, and not all of its
  // processes at the same moment. The channel tells it when we are gone, however we went.
  const home = spawn(projectNode(), [file], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  // A terminal's Ctrl-C comes twice, from the terminal and from npm; only a second one by hand forces.
  let told = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (Date.now() - told < TWICE_MS) return;
      told = Date.now();
      stopped = true;
      home.kill(signal);
    });
  }
  // npm that is killed with -9 tells nobody: its absence is noticed by our having another parent.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== parent) {
      stopped = true;
      home.kill("SIGTERM");
    } else return;
    clearInterval(watch);
  }, 500);
  return new Promise((done, fail) => {
    home.once("error", fail);
    home.once("close", (status, signal) => {
      clearInterval(watch);
      done(status ?? (signal ? 1 : 0));
    });
  });
}

main(async () => {
  const extra = asked(process.argv.slice(2));
  await setup();
  const file = join(ROOT, "packages/stack/main.ts");
  const env = { ...projectEnv(), ...extra };
  // A build takes half a minute: a mistake in the settings is told before it, and not after.
  await build(async () => {
    if ((await run(projectNode(), [file, "--check"], { env })) !== 0) process.exit(1);
  });
  let code = await serve(file, env);
  if (code !== 0 && !stopped && (await repair())) code = await serve(file, env);
  process.exit(code);
});
