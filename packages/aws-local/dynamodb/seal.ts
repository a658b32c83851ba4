/**
 * SQLite's pages have no checksums. So Rushes hashes the database when it stops, and compares the hash at the next
 * start. A different hash means damage.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { parseChecksummed, stringifyChecksummed } from "../disk/checksummed.ts";
import { syncFolder, writeDurably } from "../disk/durable.ts";

const Seal = z.object({ sha256: z.string() });
const sealOf = (file: string) => `${file}.seal`;

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("base64url");
}

/** Call this when nothing writes any more. */
export async function seal(file: string): Promise<void> {
  await writeDurably(sealOf(file), stringifyChecksummed({ sha256: await hashOf(file) }));
}

/** Whether the file has changed since it was sealed. False without a seal, for example after a crash. */
export async function isSealBroken(file: string): Promise<boolean> {
  const text = await readFile(sealOf(file), "utf8").catch(() => undefined);
  if (text === undefined) return false;
  try {
    return parseChecksummed(text, Seal).content.sha256 !== (await hashOf(file));
  } catch {
    // The seal itself is damaged, which does not mean that the database is.
    return false;
  }
}

/** Call this before anything writes. A remaining seal would not match after a crash. */
export async function removeSeal(file: string): Promise<void> {
  await rm(sealOf(file), { force: true });
  await syncFolder(dirname(file));
}
