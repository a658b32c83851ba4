/** Checks whether node_modules is complete, to notice an interrupted install or a deleted folder. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./machine.mjs";

const MANIFEST = "node_modules/.rushes-files.json";

/** The node_modules folders of the root and of the packages. */
function folders(root) {
  const packages = join(root, "packages");
  const nested = existsSync(packages)
    ? readdirSync(packages).map((name) => join("packages", name, "node_modules"))
    : [];
  return ["node_modules", ...nested].filter((folder) => existsSync(join(root, folder)));
}

/** The size of each file below a folder, except for caches of tools. */
function sizes(root, folder, into) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      // Names of caches begin with a dot, as does npm's folder of links to programs.
      if (!entry.name.startsWith(".") || entry.name === ".bin") sizes(root, path, into);
    } else if (entry.isFile() && !path.startsWith("node_modules/.")) {
      into[path] = statSync(join(root, path)).size;
    }
  }
  return into;
}

/** Records the size of every file that npm has just installed, for `damagedFiles`. */
export function recordTree(root = ROOT) {
  const files = {};
  for (const folder of folders(root)) sizes(root, folder, files);
  writeFileSync(join(root, MANIFEST), JSON.stringify(files));
}

function recorded(root) {
  try {
    return JSON.parse(readFileSync(join(root, MANIFEST), "utf8"));
  } catch {
    // An earlier version wrote none, or npm was killed before this one did.
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
 * The paths of packages in the lockfile that are missing or damaged. Checks only each package.json and the project's
 * Node, which takes a few milliseconds. A package for another platform may be missing, unless it was recorded.
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
 * The files that npm installed and that are missing or have another size; empty if nothing was recorded. Checks every
 * file, which takes up to a second, so it is called only after a failure.
 */
export function damagedFiles(root = ROOT) {
  return Object.entries(recorded(root) ?? {})
    .filter(([path, size]) => sizeOf(join(root, path)) !== size)
    .map(([path]) => path);
}
