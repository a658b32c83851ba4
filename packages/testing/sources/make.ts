import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { FFMPEG } from "../clips.ts";
import { PARTS, SOURCES } from "./index.ts";
import { map } from "./parts.ts";

const run = promisify(execFile);
const FOLDER = join(tmpdir(), "rushes-sources-3");
const ALL = [...SOURCES, ...PARTS];
const paths = new Map<string, Promise<string>>();
let generated: Promise<void> | undefined;

/** The path of a source of the table. It is created on first use and kept in the system's temporary folder. */
export function sourcePath(name: string): Promise<string> {
  const known = paths.get(name) ?? find(name);
  paths.set(name, known);
  return known;
}

async function find(name: string): Promise<string> {
  const path = pathOf(name);
  if (existsSync(path)) return path;
  await mkdir(FOLDER, { recursive: true });
  const source = ALL.find((one) => one.name === name);
  if (!source) throw new Error(`The table has no source ${name}.`);
  const { from } = source;
  if ("bytes" in from) {
    const [file = Buffer.alloc(0), ...more] = await Promise.all(
      (from.of ?? []).map(async (one) => readFile(await sourcePath(one))),
    );
    await write([name], ([target = ""]) => writeFile(target, from.bytes(file, ...more)));
  } else if (from.some(otherOf)) {
    const args = await Promise.all(
      from.map((one) => {
        const other = otherOf(one);
        return other === undefined ? one : sourcePath(other);
      }),
    );
    await write([name], ([target = ""]) => ffmpeg([...args, target]));
  } else {
    generated ??= generate();
    await generated;
  }
  return path;
}

const pathOf = (name: string) => join(FOLDER, name);
/** The name in `{name}`. */
const otherOf = (argument: string) => /^\{(.+)\}$/.exec(argument)?.[1];
const ffmpeg = (args: readonly string[]) => run(FFMPEG, ["-v", "error", "-y", ...args]);

/** Writes sources. They are renamed when complete, because another process may create the same ones now. */
async function write(
  names: readonly string[],
  work: (targets: string[]) => Promise<unknown>,
): Promise<void> {
  const targets = names.map((name) => join(FOLDER, `${randomUUID()}${extname(name)}`));
  try {
    await work(targets);
    await Promise.all(names.map((name, at) => rename(targets[at] ?? "", pathOf(name))));
  } finally {
    await Promise.all(targets.map((target) => rm(target, { force: true })));
  }
}

/** Creates all sources that need no other file in one run: starting ffmpeg takes longer than most of them. */
async function generate(): Promise<void> {
  const missing = ALL.flatMap(({ name, from }) =>
    "bytes" in from || from.some(otherOf) || existsSync(pathOf(name)) ? [] : [{ name, from }],
  );
  const inputs: string[] = [];
  const outputs: string[][] = [];
  for (const { from } of missing) {
    const end = from.lastIndexOf("-i") + 2;
    const first = countInputs(inputs);
    // Each of them has all of its inputs, and in their order.
    const maps = map(countInputs(from), first);
    outputs.push([...maps, ...from.slice(end).filter((one, at, all) => !isMap(one, all[at - 1]))]);
    inputs.push(...from.slice(0, end));
  }
  const names = missing.map(({ name }) => name);
  await write(names, (targets) =>
    ffmpeg([...inputs, ...outputs.flatMap((options, at) => [...options, targets[at] ?? ""])]),
  );
}

const countInputs = (args: readonly string[]) => args.filter((one) => one === "-i").length;
const isMap = (argument: string, before = "") => argument === "-map" || before === "-map";
