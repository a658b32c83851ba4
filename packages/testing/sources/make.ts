import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { FFMPEG } from "../clips.ts";
import { PARTS, SOURCES } from "./index.ts";

const run = promisify(execFile);
const FOLDER = join(tmpdir(), "rushes-sources-3");
const paths = new Map<string, Promise<string>>();

/** The path of a source of the table. It is created on first use and kept in the system's temporary folder. */
export function sourcePath(name: string): Promise<string> {
  const known = paths.get(name) ?? find(name);
  paths.set(name, known);
  return known;
}

async function find(name: string): Promise<string> {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  await mkdir(FOLDER, { recursive: true });
  const source = [...SOURCES, ...PARTS].find((one) => one.name === name);
  if (!source) throw new Error(`The table has no source ${name}.`);
  // Renamed when complete, because another process may create the same source now.
  const unfinished = join(FOLDER, `${randomUUID()}${extname(name)}`);
  try {
    if ("bytes" in source.from) {
      const { of = [], bytes } = source.from;
      const [file = Buffer.alloc(0), ...more] = await Promise.all(
        of.map(async (one) => readFile(await sourcePath(one))),
      );
      await writeFile(unfinished, bytes(file, ...more));
    } else {
      const args = await Promise.all(
        source.from.map((one) => {
          const [, other] = /^\{(.+)\}$/.exec(one) ?? [];
          return other === undefined ? one : sourcePath(other);
        }),
      );
      await run(FFMPEG, ["-v", "error", "-y", ...args, unfinished]);
    }
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return path;
}
