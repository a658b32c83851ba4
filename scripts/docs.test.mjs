/** What the documents of the project name exists: files, headings, and npm scripts. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const textOf = (path) => readFileSync(join(ROOT, path), "utf8");
const FILES = globSync(["*.md", "bench/*.md", "docs/**/*.md", "packages/core/*/*.md"], {
  cwd: ROOT,
});

/** Without blocks of code, which have neither links nor headings. */
const proseOf = (text) => text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "code");

/** The texts before the first heading and from each heading to the next one. */
const sectionsOf = (text) => proseOf(text).split(/^(?=#+ )/m);

/** As GitHub makes it of a heading. */
const anchorOf = (heading) =>
  heading
    .replace(/^#+ /, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
const anchorsOf = (text) => sectionsOf(text).map((one) => anchorOf(one.split("\n")[0] ?? ""));

/** What `find` returns for each document, each with the document's name. */
const inAll = (find) =>
  FILES.flatMap((path) => find(textOf(path), path).map((problem) => `${path}: ${problem}`));

test("the documents are found", () => {
  expect(FILES).toEqual(expect.arrayContaining(["README.md", "docs/api.md"]));
});

test("every link leads to a file and to a heading that exist", () => {
  const isBroken = (link, from) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? from : join(dirname(from), file);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
  };
  const broken = inAll((text, from) =>
    [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link)
      .filter((link) => !/^(https?|mailto):/.test(link) && isBroken(link, from)),
  );
  expect(broken).toEqual([]);
});

test("every heading has a text, or headings below it", () => {
  const levelOf = (section = "") => /^#*/.exec(section)[0].length;
  const empty = inAll((text) => {
    const sections = sectionsOf(text);
    const hasNone = (section, at) =>
      /^#+ .*\s*$/.test(section) && levelOf(sections[at + 1]) <= levelOf(section);
    return sections.filter(hasNone).map((section) => section.trim());
  });
  expect(empty).toEqual([]);
});

test("every npm script that a document names exists", () => {
  const { scripts } = JSON.parse(textOf("package.json"));
  const unknown = inAll((text) =>
    [...text.matchAll(/\bnpm run (?:-s |--silent )?([a-z][a-z:0-9]*)/g)]
      .map(([, name]) => name)
      .filter((name) => !(name in scripts)),
  );
  expect(unknown).toEqual([]);
});

test("every file of the project that a document names exists", () => {
  const missing = inAll((text) =>
    [...text.matchAll(/`((?:bench|delivery|docs|infra|packages|scripts)\/[\w./-]+)`/g)]
      .map(([, path]) => path)
      .filter((path) => !existsSync(join(ROOT, path))),
  );
  expect(missing).toEqual([]);
});

test("docs/deploy.md lists every setting that infra/ reads, and no other", () => {
  const sources = globSync("infra/*.ts", { cwd: ROOT }).filter((path) => !path.includes(".test."));
  const read = new Set(sources.flatMap((path) => textOf(path).match(/\bRUSHES_[A-Z_]+/g) ?? []));
  // The delivery sets them: they say what it delivers.
  for (const name of ["RUSHES_VERSION", "RUSHES_COMMIT", "RUSHES_TIME"]) read.delete(name);
  const rows = textOf("docs/deploy.md").matchAll(/^\| `(RUSHES_\w+)` \|/gm);
  expect(Array.from(rows, ([, name]) => name).sort()).toEqual([...read].sort());
});
