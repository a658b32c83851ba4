/** Files that the command line's tests upload, made from a clip. */
import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";

const MIB = 1024 ** 2;
/** The size of a large clip, and of the six parts in which it is sent. */
export const SIZE_BYTES = 40 * MIB;
export const PART_BYTES = Math.ceil(SIZE_BYTES / 6);

/** The clip with other bytes: it has a `free` box of this size at its end. */
export function variantOf(clip: Buffer, sizeBytes: number): Buffer {
  const box = Buffer.alloc(sizeBytes);
  box.writeUInt32BE(sizeBytes);
  box.write("free", 4, "latin1");
  return Buffer.concat([clip, box]);
}

/**
 * Writes an MP4 of 40 MiB: the clip, and a `free` box of random bytes. Its blocks differ only at their start, which is
 * quicker. Resolves with its name.
 */
export async function writeLargeClip(folder: string, name: string, clip: Buffer): Promise<string> {
  const file = await open(join(folder, name), "w");
  await file.write(clip);
  const block = randomBytes(MIB);
  for (let left = SIZE_BYTES - clip.length; left > 0; left -= MIB) {
    block.writeUInt32BE(left, 0);
    if (left === SIZE_BYTES - clip.length) block.write("free", 4, "latin1");
    await file.write(block, 0, Math.min(left, MIB));
  }
  await file.close();
  return name;
}
