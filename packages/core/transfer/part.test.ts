import fc from "fast-check";
import { expect, it } from "vitest";
import { missing, planParts } from "./part.ts";

const plan = fc
  .record({
    partSizeBytes: fc.integer({ min: 1, max: 1000 }),
    sizeBytes: fc.integer({ min: 1, max: 3_000 }),
  })
  .map(({ partSizeBytes, sizeBytes }) => ({
    sizeBytes,
    plan: {
      kind: "multipart" as const,
      partSizeBytes,
      partCount: Math.ceil(sizeBytes / partSizeBytes),
    },
  }));

it("covers every byte of a file exactly once and in order", () => {
  fc.assert(
    fc.property(plan, ({ plan: multipart, sizeBytes }) => {
      let at = 0;
      for (const part of planParts(multipart, sizeBytes)) {
        expect(part.start).toBe(at);
        expect(part.end).toBeGreaterThan(part.start);
        at = part.end;
      }
      expect(at).toBe(sizeBytes);
    }),
  );
});

it("counts a part of another size as missing, and a whole part as stored", () => {
  const all = planParts({ kind: "multipart", partSizeBytes: 10, partCount: 3 }, 25);
  const arrived = [
    { partNumber: 1, sizeBytes: 10 },
    { partNumber: 3, sizeBytes: 4 },
  ];
  expect(missing(all, arrived).map((part) => part.partNumber)).toEqual([2, 3]);
});
