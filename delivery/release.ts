/**
 * `npm run release`: makes a version out of the changesets in `.changeset`: raises the version of
 * package.json, writes CHANGELOG.md, and takes the changesets away. With `--status` it only says what it would do.
 *
 * By changesets' own libraries and not by its command, which knows the packages of a workspace and not its
 * root: here the root is what is released, and no package below it.
 */
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { applyReleasePlan } from "@changesets/apply-release-plan";
import { assembleReleasePlan } from "@changesets/assemble-release-plan";
import { defaultConfig } from "@changesets/config";
import { readChangesets } from "@changesets/read";

const ROOT = join(import.meta.dirname, "..");

/** The changelog without what was written by hand under "Unreleased", and those words. */
export function withoutUnreleased(changelog: string): { rest: string; words: string } {
  const found = /\n## Unreleased\n([\s\S]*?)(?=\n## |$)/.exec(changelog);
  if (!found) return { rest: changelog, words: "" };
  return { rest: changelog.replace(found[0], ""), words: (found[1] ?? "").trim() };
}

/** Puts words at the end of the section of `version`. */
export function intoSection(changelog: string, version: string, words: string): string {
  if (words === "") return changelog;
  const start = changelog.indexOf(`## ${version}\n`);
  const next = changelog.indexOf("\n## ", start);
  const end = next < 0 ? changelog.length : next;
  return `${changelog.slice(0, end).trimEnd()}\n\n${words}\n${changelog.slice(end)}`;
}

/** Raises the version in `root` and answers with it; nothing when there is nothing to release. */
export async function release(root: string, status = false): Promise<string | undefined> {
  // Of the whole manifest changesets reads the name and the version; what else it has is kept as it is.
  const packageJson = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const own = { packageJson, dir: root, relativeDir: "." };
  const packages = { tool: { type: "root" }, rootDir: root, rootPackage: own, packages: [own] };
  const written = JSON.parse(await readFile(join(root, ".changeset/config.json"), "utf8"));
  const config = {
    ...defaultConfig,
    changelog: [written.changelog, null],
    privatePackages: { version: true, tag: true },
  };
  // The shapes of @manypkg/get-packages and of a written configuration, whose types are not exported here.
  const known = packages as unknown as Parameters<typeof assembleReleasePlan>[1];
  const settings = config as unknown as Parameters<typeof assembleReleasePlan>[2];
  const plan = assembleReleasePlan(await readChangesets(root), known, settings, undefined);
  const [next] = plan.releases.filter(({ type }) => type !== "none");
  const version = next?.newVersion;
  if (!version) return undefined;
  if (!status) {
    const path = join(root, "CHANGELOG.md");
    const { rest, words } = withoutUnreleased(await readFile(path, "utf8"));
    await writeFile(path, rest);
    await applyReleasePlan(plan, known, settings);
    const changelog = await readFile(path, "utf8");
    await writeFile(path, intoSection(changelog, version, words));
    // The lock file repeats the root's version, and changesets does not know it.
    const lock = join(root, "package-lock.json");
    const locked = JSON.parse(await readFile(lock, "utf8"));
    locked.version = version;
    locked.packages[""].version = version;
    await writeFile(lock, `${JSON.stringify(locked, null, 2)}\n`);
  }
  return version;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { status: { type: "boolean", default: false } } });
  const version = await release(ROOT, values.status);
  process.stdout.write(
    version === undefined
      ? "There is nothing to release: no changeset is in .changeset.\n"
      : values.status
        ? `The next version is ${version}.\n`
        : `This is ${version}. Look at the changes, commit them, then: git tag -a v${version} -m "Rushes ${version}"\n`,
  );
  if (version && !values.status)
    execFileSync("git", ["status", "--short"], { cwd: ROOT, stdio: "inherit" });
}
