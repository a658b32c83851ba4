import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { release } from "./release.ts";

const ROOT = join(import.meta.dirname, "..");

let root: string;
const read = (name: string) => readFile(join(root, name), "utf8");
const write = (name: string, text: string) => writeFile(join(root, name), text);
const change = (name: string, bump: string, text: string) =>
  write(`.changeset/${name}.md`, `---\n"rushes": ${bump}\n---\n\n${text}\n`);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rushes-release-"));
  await cp(join(ROOT, ".changeset"), join(root, ".changeset"), { recursive: true });
  for (const name of await readdir(join(root, ".changeset"))) {
    if (name.endsWith(".md")) await rm(join(root, ".changeset", name));
  }
  const manifest = { name: "rushes", version: "1.2.3", private: true };
  await write("package.json", JSON.stringify(manifest));
  await write("package-lock.json", JSON.stringify({ ...manifest, packages: { "": manifest } }));
  await write(
    "CHANGELOG.md",
    "# Changelog\n\n## Unreleased\n\n- Words by hand.\n\n## 1.2.3\n\n- Old words.\n",
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("takes the version from the largest change and publishes every text", async () => {
  await change("small", "patch", "A mended thing.");
  await change("large", "major", "Another address of the API.");
  expect(await release(root)).toBe("2.0.0");
  const changelog = await read("CHANGELOG.md");
  for (const words of ["A mended thing.", "Another address of the API.", "Words by hand."]) {
    expect(changelog.indexOf(words)).toBeGreaterThan(changelog.indexOf("## 2.0.0"));
    expect(changelog.indexOf(words)).toBeLessThan(changelog.indexOf("## 1.2.3"));
  }
  expect(changelog).toContain("- Old words.");
  expect(changelog).not.toContain("Unreleased");
});

test("updates package.json and the lock file, and releases no change twice", async () => {
  await change("new", "minor", "A new thing.");
  await release(root);
  expect(JSON.parse(await read("package.json")).version).toBe("1.3.0");
  expect(JSON.parse(await read("package-lock.json")).packages[""].version).toBe("1.3.0");
  expect(await release(root)).toBeUndefined();
});

test("changes nothing with --status", async () => {
  await change("new", "minor", "A new thing.");
  expect(await release(root, true)).toBe("1.3.0");
  expect(JSON.parse(await read("package.json")).version).toBe("1.2.3");
  expect(await read(".changeset/new.md")).toContain("A new thing.");
});

test("rejects a change of a package that is not released", async () => {
  await write(".changeset/core.md", '---\n"@rushes/core": minor\n---\n\nWords.\n');
  await expect(release(root)).rejects.toThrow("@rushes/core");
});

test("can release every change in .changeset", async () => {
  await cp(join(ROOT, ".changeset"), join(root, ".changeset"), { recursive: true });
  await expect(release(root, true)).resolves.not.toThrow();
});
