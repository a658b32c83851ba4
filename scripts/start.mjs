/**
 * `npm start`: sets up, builds, and runs the local stack until it is stopped. `npm start -- --public` starts in public
 * mode, like RUSHES_PUBLIC=yes.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { CliError, main, projectEnv, projectNode, ROOT, run } from "./machine.mjs";
import { repair, setup } from "./setup.mjs";

const TWICE_MS = 700;
/** Node keeps compiled code here. Compiling takes half of the time that the stack's processes need to start. */
const COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(ROOT, "node_modules/.cache/rushes");

/** True once a stop was requested. */
let stopped = false;

/** The environment variables that the command line sets. */
function parseArguments(args) {
  const unknown = args.find((arg) => arg !== "--public");
  if (unknown) {
    throw new CliError(
      `npm start does not know "${unknown}". It accepts --public; everything else is a setting.`,
    );
  }
  return args.length > 0 ? { RUSHES_PUBLIC: "yes" } : {};
}

/** Runs the local stack until it ends, and resolves with its exit code. */
async function serve(file, env) {
  // In its own process group, so that Ctrl-C reaches only the stack's main process, and through this one. The IPC
  // channel tells it when this process ends, for whatever reason.
  const stack = spawn(projectNode(), [file], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  // Ctrl-C arrives twice, from the terminal and from npm. Only a later, second one forces the end.
  let lastSignal = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (Date.now() - lastSignal < TWICE_MS) return;
      lastSignal = Date.now();
      stopped = true;
      stack.kill(signal);
    });
  }
  // If npm is killed with -9, it sends no signal, but this process gets another parent.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== parent) {
      stopped = true;
      stack.kill("SIGTERM");
    } else return;
    clearInterval(watch);
  }, 500);
  return new Promise((done, fail) => {
    stack.once("error", fail);
    stack.once("close", (status, signal) => {
      clearInterval(watch);
      done(status ?? (signal ? 1 : 0));
    });
  });
}

main(async () => {
  const extra = parseArguments(process.argv.slice(2));
  await setup();
  const file = join(ROOT, "packages/stack/main.ts");
  const env = { ...projectEnv(), NODE_COMPILE_CACHE: COMPILE_CACHE, ...extra };
  // A build takes half a minute, so mistakes in the settings are reported before it.
  await build(async () => {
    if ((await run(projectNode(), [file, "--check"], { env })) !== 0) process.exit(1);
  });
  let code = await serve(file, env);
  if (code !== 0 && !stopped && (await repair())) code = await serve(file, env);
  process.exit(code);
});
