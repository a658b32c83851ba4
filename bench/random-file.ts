import { randomFillSync } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const BLOCK_BYTES = 1024 ** 2;

/** Writes a file of random bytes, which cannot be compressed. Its size is in whole MiB. */
export async function randomFile(path: string, sizeBytes: number): Promise<void> {
  const block = randomFillSync(Buffer.allocUnsafe(BLOCK_BYTES));
  const blocks = function* () {
    for (let index = 0; index < sizeBytes / BLOCK_BYTES; index += 1) {
      block.writeUInt32BE(index, 0);
      yield Buffer.from(block);
    }
  };
  await pipeline(Readable.from(blocks()), createWriteStream(path));
}
