/** Builds the web app if its sources have changed since the last build. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError, main, projectEnv, projectNode, ROOT } from "./machine.mjs";
import { repair, setup } from "./setup.mjs";
import { step } from "./step.mjs";

const WEB = join(ROOT, "packages/web");
const STANDALONE = join(WEB, ".next/standalone/packages/web");
const STAMP = join(WEB, ".next/rushes-built");
const IGNORED = new Set(["node_modules", ".next", ".open-next", "e2e", "next-env.d.ts"]);

/** Adds the name and content of every file of a folder to the hash, except for tests. */
function addFolder(hash, folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (IGNORED.has(entry.name) || /\.test\.tsx?$|\.tsbuildinfo$/.test(entry.name)) continue;
    if (entry.isDirectory()) addFolder(hash, path);
    else if (entry.isFile()) hash.update(`${path.slice(ROOT.length)}\0`).update(readFileSync(path));
  }
}

function inputs() {
  // The folder is included because Next writes absolute paths into its output.
  const hash = createHash("sha256").update(ROOT);
  for (const file of ["package-lock.json", "tsconfig.json"]) {
    hash.update(readFileSync(join(ROOT, file)));
  }
  addFolder(hash, join(ROOT, "packages/core"));
  addFolder(hash, WEB);
  return hash.digest("hex");
}

/** Runs `before` first if there is anything to build. Throws a CliError. */
export async function build(before = async () => {}) {
  const wanted = inputs();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  await before();
  rmSync(STAMP, { force: true });
  const next = join(ROOT, "node_modules/next/dist/bin/next");
  const env = { ...projectEnv(), NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const compile = () =>
    step({ name: "build", title: "Building the web app" }, projectNode(), [next, "build"], {
      cwd: WEB,
      env,
    });
  if ((await compile()) !== 0 && !((await repair()) && (await compile()) === 0)) {
    throw new CliError("The web app could not be built. See the output above.");
  }
  // Next does not copy these into the standalone server, because a CDN usually serves them.
  for (const [from, to] of [
    [join(WEB, ".next/static"), join(STANDALONE, ".next/static")],
    [join(WEB, "public"), join(STANDALONE, "public")],
  ]) {
    rmSync(to, { recursive: true, force: true });
    mkdirSync(to, { recursive: true });
    if (existsSync(from)) cpSync(from, to, { recursive: true });
  }
  writeFileSync(STAMP, wanted);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(async () => {
    await setup();
    await build();
  });
}
