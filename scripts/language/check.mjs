/**
 * Fails if a retired word appears in an identifier, or a retired phrase in a text. `retired-words.json` lists them,
 * with the word to use instead. Its `remaining` holds how often each one may still appear; those numbers only go down
 * (`--update` writes them). `--report` shows what is wrong and does not fail.
 *
 *     node scripts/language/check.mjs [--list WORD|FOLDER] [--folders] [--update] [--report]
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../machine.mjs";
import { findRetired } from "./find.mjs";

const LIST = join(import.meta.dirname, "retired-words.json");
/** The list and its test name the words; a changelog keeps the words of its time. */
const IGNORED = /^scripts\/language\/|^CHANGELOG\.md$/;

const sources = () =>
  execFileSync("git", ["ls-files", "*.ts", "*.tsx", "*.mjs", "*.md"], {
    cwd: ROOT,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file && !IGNORED.test(file));

function findAll(list) {
  return sources().flatMap((file) => {
    const hits = findRetired(file, readFileSync(join(ROOT, file), "utf8"), list);
    return hits.map((hit) => ({ ...hit, file }));
  });
}

function countBy(hits, keyOf) {
  const counts = {};
  for (const hit of hits) counts[keyOf(hit)] = (counts[keyOf(hit)] ?? 0) + 1;
  return counts;
}

/** `packages/core` of `packages/core/job/index.ts`, and `ci` of `ci/deploy.ts`. */
const folderOf = ({ file }) =>
  file.startsWith("packages/") ? file.split("/").slice(0, 2).join("/") : file.split("/")[0];

const { values } = parseArgs({
  options: {
    list: { type: "string" },
    folders: { type: "boolean" },
    update: { type: "boolean" },
    report: { type: "boolean" },
  },
});

const list = JSON.parse(readFileSync(LIST, "utf8"));
const hits = findAll(list);
const counts = countBy(hits, ({ retired }) => retired);
const insteadOf = (word) => list.words[word] ?? list.names[word] ?? list.phrases[word];

if (values.list !== undefined) {
  for (const { retired, found, file } of hits)
    if (retired === values.list || file.startsWith(values.list))
      console.log(`${file}: ${retired}: ${found}`);
}
if (values.folders) console.table(countBy(hits, folderOf));
console.log(`${hits.length} uses of ${Object.keys(counts).length} retired words remain.`);

const sorted = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
if (values.update) {
  const remaining = Object.fromEntries(sorted);
  writeFileSync(LIST, `${JSON.stringify({ ...list, remaining }, undefined, 2)}\n`);
}

const grown = values.update
  ? []
  : sorted.filter(([word, count]) => count > (list.remaining[word] ?? 0));
for (const [word, count] of grown) {
  const allowed = list.remaining[word] ?? 0;
  console.log(`"${word}" appears ${count} times, ${allowed} allowed. Use: ${insteadOf(word)}`);
  for (const { found, file } of hits.filter(({ retired }) => retired === word).slice(-3))
    console.log(`  ${file}: ${found}`);
}
if (grown.length > 0) {
  console.log("\nList all: node scripts/language/check.mjs --list WORD (or a folder)");
  if (!values.report) process.exitCode = 1;
}
