/**
 * `npm run release`: creates the next version from the changesets in `.changeset`: it updates package.json, writes
 * CHANGELOG.md, and deletes the changesets. With `--status` it only prints the next version.
 *
 * It calls the libraries of changesets, because its command does not version the root of a workspace. Here the root is
 * released, and not the packages below it.
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

/** Splits off the handwritten text under "Unreleased". */
function splitUnreleased(changelog: string): { rest: string; unreleased: string } {
  const found = /\n## Unreleased\n([\s\S]*?)(?=\n## |$)/.exec(changelog);
  if (!found) return { rest: changelog, unreleased: "" };
  return { rest: changelog.replace(found[0], ""), unreleased: (found[1] ?? "").trim() };
}

/** Appends text to the section of `version`. */
function appendToSection(changelog: string, version: string, text: string): string {
  if (text === "") return changelog;
  const start = changelog.indexOf(`## ${version}\n`);
  const next = changelog.indexOf("\n## ", start);
  const end = next < 0 ? changelog.length : next;
  return `${changelog.slice(0, end).trimEnd()}\n\n${text}\n${changelog.slice(end)}`;
}

/** Updates the version in `root` and returns it. Undefined if there is nothing to release. */
export async function release(root: string, status = false): Promise<string | undefined> {
  // changesets reads the name and the version, and keeps the other fields.
  const packageJson = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const app = { packageJson, dir: root, relativeDir: "." };
  const packages = { tool: { type: "root" }, rootDir: root, rootPackage: app, packages: [app] };
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
    const { rest, unreleased } = splitUnreleased(await readFile(path, "utf8"));
    await writeFile(path, rest);
    await applyReleasePlan(plan, known, settings);
    const changelog = await readFile(path, "utf8");
    await writeFile(path, appendToSection(changelog, version, unreleased));
    // The lock file repeats the root's version, and changesets does not update it.
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
      ? "There is nothing to release: .changeset has no changesets.\n"
      : values.status
        ? `The next version is ${version}.\n`
        : `The version is now ${version}. Review and commit the changes, then run git tag -a v${version} -m "Rushes ${version}"\n`,
  );
  if (version && !values.status)
    execFileSync("git", ["status", "--short"], { cwd: ROOT, stdio: "inherit" });
}
