import fc from "fast-check";
import { expect, test } from "vitest";
import { END_BYTES, unstatedSeconds } from "./length.ts";

const HEAD_BYTES = 64 * 1024;
const seconds = (file: Buffer) =>
  unstatedSeconds("matroska", file.length, file.subarray(0, HEAD_BYTES), async (offset, length) =>
    file.subarray(offset, offset + length),
  );

const hex = (value: string) => Buffer.from(value, "hex");
function uint(id: string, value: number): Buffer {
  const body = Buffer.alloc(6);
  body.writeUIntBE(value, 0, 6);
  return Buffer.concat([hex(id), hex("86"), body]);
}
interface Shape {
  scale?: number | undefined;
  clusterBytes?: number;
  checksum?: string;
}
/** A recording without a length, as MediaRecorder writes it: segment and clusters of unknown size. */
function recording(
  times: number[],
  { scale, clusterBytes = 1000, checksum = "" }: Shape = {},
): Buffer {
  const info = scale === undefined ? Buffer.alloc(0) : uint("2ad7b1", scale);
  return Buffer.concat([
    hex("1a45dfa380"),
    hex("1853806701ffffffffffffff"),
    ...[hex("1549a966"), Buffer.from([0x80 | info.length]), info],
    ...times.flatMap((time) => [
      ...[hex("1f43b67501ffffffffffffff"), hex(checksum), uint("e7", time)],
      ...[hex("a3"), hex("4800"), Buffer.alloc(0x800), Buffer.alloc(clusterBytes)],
    ]),
  ]);
}

test("measures a recording from its first cluster to its last, wherever its clock starts", async () => {
  const times = fc.array(fc.nat(2 ** 40), { minLength: 1, maxLength: 20 });
  const shape = fc.record({
    scale: fc.constantFrom(undefined, 1000, 1_000_000),
    checksum: fc.constantFrom("", "bf8401020304"),
  });
  await fc.assert(
    fc.asyncProperty(times, shape, async (list, shape) => {
      const sorted = list.toSorted((a, b) => a - b);
      const apart = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
      const expected = (apart * (shape.scale ?? 1_000_000)) / 1e9;
      expect(await seconds(recording(sorted, shape))).toBeCloseTo(expected, 6);
    }),
    { numRuns: 50 },
  );
});

test("reads only the end of a long recording", async () => {
  const file = recording([0, 5000, 43_205_000], { clusterBytes: END_BYTES / 2 });
  expect(await seconds(file)).toBe(43_205);
});

test("returns a length or undefined for any bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const cluster = Buffer.concat([hex("1f43b675"), bytes]);
      const found = await seconds(Buffer.concat([recording([7]), cluster]));
      expect(found === undefined || found >= 0).toBe(true);
    }),
  );
  expect(await seconds(Buffer.alloc(100))).toBeUndefined();
});
