/** Mails are text files that anybody may read; a header of ours says whether they are as they were written. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const NAME = "X-Rushes-Checksum: ";
const sumOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64url");

/** The mail with a first header over the rest. */
export function withChecksum(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${NAME}${sumOf(bytes)}\r\n`), bytes]);
}

/** Mails of older versions have no checksum and count as intact. */
export function isIntact(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  if (!bytes.subarray(0, NAME.length).equals(Buffer.from(NAME))) {
    // A flipped byte of the header itself still leaves most of it.
    return !bytes.subarray(0, NAME.length + 50).includes("Rushes-Checksum");
  }
  const end = bytes.indexOf("\r\n");
  const given = bytes.subarray(NAME.length, end).toString("latin1");
  return end > 0 && given === sumOf(bytes.subarray(end + 2));
}

/** The names of the mails that are not as they were written; they stay as they are. */
export async function damagedMails(folder: string): Promise<{ count: number; damaged: string[] }> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml"));
  const damaged: string[] = [];
  for (const name of names) {
    if (!isIntact(await readFile(join(folder, name)))) damaged.push(name);
  }
  return { count: names.length, damaged };
}
