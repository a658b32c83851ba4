/** Builds the web app when something that goes into it has changed since it was built. */
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
import { main, projectEnv, projectNode, ROOT, Sentence } from "./machine.mjs";
import { repair, setup } from "./setup.mjs";
import { step } from "./step.mjs";

const WEB = join(ROOT, "packages/web");
const STANDALONE = join(WEB, ".next/standalone/packages/web");
const STAMP = join(WEB, ".next/rushes-built");
const IGNORED = new Set(["node_modules", ".next", ".open-next", "e2e", "next-env.d.ts"]);

/** Adds every file of a folder to the hash, by name and content; tests are no part of the app. */
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
  // The folder too: Next writes absolute paths into what it builds.
  const hash = createHash("sha256").update(ROOT);
  for (const file of ["package-lock.json", "tsconfig.json"]) {
    hash.update(readFileSync(join(ROOT, file)));
  }
  addFolder(hash, join(ROOT, "packages/core"));
  addFolder(hash, WEB);
  return hash.digest("hex");
}

/** `before` is run if there is anything to build. Throws a Sentence. */
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
    throw new Sentence("The web app could not be built; the output above says why.");
  }
  // The standalone server brings neither: Next leaves them for a CDN.
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
