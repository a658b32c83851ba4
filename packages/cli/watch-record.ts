/** Which files of a watched folder were uploaded, so that a later start neither misses a file nor sends one again. */
import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import { UsageError } from "./exit.ts";

const Versions = z.record(z.string(), z.string());

export interface WatchRecord {
  /** Whether nobody has watched this folder for this server. */
  isNew: boolean;
  /** Paths are relative to the folder. */
  has(file: string, version: string): boolean;
  /** Resolves when the disk has it. */
  add(files: readonly (readonly [file: string, version: string])[]): Promise<void>;
}

/** @throws UsageError if its file is damaged */
export async function openRecord(server: string, folder: string): Promise<WatchRecord> {
  const path = await pathOf(server, folder);
  const found = await read(path);
  const versions = new Map(Object.entries(found ?? {}));
  let written = Promise.resolve();
  return {
    isNew: found === undefined,
    has: (file, version) => versions.get(file) === version,
    add(files) {
      for (const [file, version] of files) versions.set(file, version);
      written = written.then(() => write(path, JSON.stringify(Object.fromEntries(versions))));
      return written;
    },
  };
}

/** One file for each server and folder, below `XDG_STATE_HOME`. */
async function pathOf(server: string, folder: string): Promise<string> {
  const { XDG_STATE_HOME } = process.env;
  const name = createHash("sha256")
    .update(JSON.stringify([server, await realpath(folder)]))
    .digest("hex");
  const state = XDG_STATE_HOME || join(homedir(), ".local", "state");
  return join(state, "rushes", "watch", `${name}.json`);
}

async function read(path: string): Promise<z.infer<typeof Versions> | undefined> {
  try {
    return Versions.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UsageError(
      `${path} cannot be read. Remove it; then \`rushes watch\` leaves out the files that exist.`,
    );
  }
}

/** A crash leaves the old text or the new one. */
async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
