import { crc32 } from "node:zlib";
import { combine } from "@rushes/core/transfer/crc-combine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALGORITHMS, crcOf, createHasher, isCrc } from "./checksum.ts";

const bytes = (maxLength = 2000) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

describe("checksums", () => {
  test("computes the published check values of 123456789", async () => {
    const check = { CRC32: "cbf43926", CRC32C: "e3069283", CRC64NVME: "ae8b14860a799888" };
    for (const algorithm of ALGORITHMS) {
      if (!isCrc(algorithm)) continue;
      const hasher = await createHasher(algorithm);
      hasher.update(Buffer.from("123456789"));
      const value = Buffer.from(check[algorithm], "hex").toString("base64");
      expect(hasher.digest()).toBe(value);
      expect(crcOf(algorithm, Buffer.from("123456789"))).toBe(value);
    }
  });

  test("combines the CRCs of parts to the CRC of the whole", () => {
    fc.assert(
      fc.property(fc.array(bytes(200)), (parts) => {
        for (const crc of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
          const known = parts.map((part) => ({ value: crcOf(crc, part), sizeBytes: part.length }));
          expect(combine(crc, known)).toBe(crcOf(crc, Buffer.concat(parts)));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("computes the same CRC32 as Node", () => {
    fc.assert(
      fc.property(bytes(), (data) => {
        const crc = Buffer.from(crcOf("CRC32", data), "base64").readUInt32BE();
        expect(crc).toBe(crc32(data));
      }),
    );
  });

  test("computes the CRC of all bytes, however they are split and whatever is hashed at the same time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes(300), { maxLength: 4 }), async (chunks) => {
        for (const crc of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
          const [hasher, other] = [await createHasher(crc), await createHasher(crc)];
          for (const chunk of chunks) {
            hasher.update(chunk);
            other.update(Buffer.from("beside"));
          }
          expect(hasher.digest()).toBe(crcOf(crc, Buffer.concat(chunks)));
          other.digest();
        }
      }),
      { numRuns: 50 },
    );
  });

  test("hashes a chunk that is larger than the hasher's memory", async () => {
    const large = Buffer.alloc(200_003, "film");
    const hasher = await createHasher("CRC64NVME");
    hasher.update(large);
    expect(hasher.digest()).toBe(crcOf("CRC64NVME", large));
  });
});
