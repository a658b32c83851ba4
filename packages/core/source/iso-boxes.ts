/** Boxes of MP4 and QuickTime files, and the numbers in them. */
import type { Read } from "./read.ts";
import { type Box, boxesBetween } from "./whole.ts";

/** More than the tables of a file's chapters have. */
const TABLE_BYTES = 64 * 1024;

/** The first box of this type. */
export async function first(boxes: AsyncIterable<Box>, type: string): Promise<Box | undefined> {
  for await (const box of boxes) if (box.type === type) return box;
  return undefined;
}

/** The first box with this path below another one. */
export async function find(read: Read, parent: Box, ...path: string[]): Promise<Box | undefined> {
  let box: Box | undefined = parent;
  for (const type of path) box = box && (await first(inside(read, box), type));
  return box;
}

/** The boxes in the body of another one. */
export const inside = (read: Read, { offset, length }: Box) =>
  boxesBetween(read, offset + 8, offset + length);

/** The start of a box's body. */
export async function body(read: Read, { offset, length }: Box): Promise<Bytes> {
  return new Bytes(await read(offset + 8, Math.min(length - 8, TABLE_BYTES)));
}

/** Numbers of a box. Beyond its end they are 0. */
export class Bytes {
  readonly all: Buffer;
  constructor(bytes: Uint8Array) {
    this.all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  uint(at: number, bytes: 1 | 2 | 4): number {
    return at + bytes <= this.all.length ? this.all.readUIntBE(at, bytes) : 0;
  }
  text(at: number, bytes: number): string {
    return this.all.subarray(at, at + bytes).toString("latin1");
  }
  uint64(at: number): number {
    return at + 8 <= this.all.length ? Number(this.all.readBigUInt64BE(at)) : 0;
  }
}
