/** Mails are plain text files. The first header contains a checksum, which detects damage. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const HEADER = "X-Rushes-Checksum: ";
const sumOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64url");

/** Adds the header with the checksum of all other bytes. */
export function withChecksum(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${HEADER}${sumOf(bytes)}\r\n`), bytes]);
}

/** Mails of earlier versions have no checksum and count as intact. */
export function isIntact(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  if (!bytes.subarray(0, HEADER.length).equals(Buffer.from(HEADER))) {
    // If a byte of the header itself is damaged, the rest of its name remains.
    return !bytes.subarray(0, HEADER.length + 50).includes("Rushes-Checksum");
  }
  const end = bytes.indexOf("\r\n");
  const given = bytes.subarray(HEADER.length, end).toString("latin1");
  return end > 0 && given === sumOf(bytes.subarray(end + 2));
}

/** The names of the damaged mails. The files are not changed. */
export async function damagedMails(folder: string): Promise<{ count: number; damaged: string[] }> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml"));
  const damaged: string[] = [];
  for (const name of names) {
    if (!isIntact(await readFile(join(folder, name)))) damaged.push(name);
  }
  return { count: names.length, damaged };
}
