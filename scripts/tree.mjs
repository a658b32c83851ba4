/** Whether node_modules holds what npm has put there: an interrupted install or a deleted folder shows. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./machine.mjs";

const MANIFEST = "node_modules/.rushes-files.json";

/** Folders of node_modules, of the root and of each package that has its own. */
function folders(root) {
  const packages = join(root, "packages");
  const own = existsSync(packages)
    ? readdirSync(packages).map((name) => join("packages", name, "node_modules"))
    : [];
  return ["node_modules", ...own].filter((folder) => existsSync(join(root, folder)));
}

/** The size of each file below a folder; what tools put there while they run is left out. */
function sizes(root, folder, into) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      // Caches of tools begin with a dot, as do npm's links to programs.
      if (!entry.name.startsWith(".") || entry.name === ".bin") sizes(root, path, into);
    } else if (entry.isFile() && !path.startsWith("node_modules/.")) {
      into[path] = statSync(join(root, path)).size;
    }
  }
  return into;
}

/** Notes down every file that npm has just installed, for `damaged` to compare. */
export function recordTree(root = ROOT) {
  const files = {};
  for (const folder of folders(root)) sizes(root, folder, files);
  writeFileSync(join(root, MANIFEST), JSON.stringify(files));
}

function recorded(root) {
  try {
    return JSON.parse(readFileSync(join(root, MANIFEST), "utf8"));
  } catch {
    // Of an earlier version, or npm was killed before it was written.
    return undefined;
  }
}

function sizeOf(path) {
  try {
    return statSync(path).size;
  } catch {
    return undefined;
  }
}

/**
 * Packages of the lock that are not installed as they were, by their paths; none where all is well. Looks
 * at the file that describes each package and at the project's Node, which takes a few milliseconds. A
 * package that only other platforms need may be missing, unless it has been here before.
 */
export function missingPackages(root = ROOT) {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const files = recorded(root);
  const missing = Object.entries(packages)
    .filter(([path]) => path.includes("node_modules/"))
    .filter(([path, { link, optional }]) => {
      if (link) return !existsSync(join(root, path));
      const described = `${path}/package.json`;
      const size = sizeOf(join(root, described));
      const wanted = files?.[described];
      if (wanted !== undefined) return size !== wanted;
      return !optional && !size;
    })
    .map(([path]) => path);
  const node = `node_modules/node-${process.platform}-${process.arch}`;
  const program = `${node}/bin/node`;
  const wanted = files?.[program];
  if (wanted !== undefined && !missing.includes(node)) {
    const linked = sizeOf(join(root, "node_modules/.bin/node"));
    if (sizeOf(join(root, program)) !== wanted || linked !== wanted) missing.push(node);
  }
  return missing;
}

/**
 * Files that npm installed and that are gone or of another size; none where all is well, or where nothing
 * was recorded. Looks at all of them, which takes up to a second: for when something has failed.
 */
export function damagedFiles(root = ROOT) {
  return Object.entries(recorded(root) ?? {})
    .filter(([path, size]) => sizeOf(join(root, path)) !== size)
    .map(([path]) => path);
}
