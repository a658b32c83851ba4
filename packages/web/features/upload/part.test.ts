import fc from "fast-check";
import { expect, it } from "vitest";
import { missing, pieces } from "./part.ts";

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

it("sends every byte of a file exactly once and in order", () => {
  fc.assert(
    fc.property(plan, ({ plan: multipart, sizeBytes }) => {
      let at = 0;
      for (const piece of pieces(multipart, sizeBytes)) {
        expect(piece.start).toBe(at);
        expect(piece.end).toBeGreaterThan(piece.start);
        at = piece.end;
      }
      expect(at).toBe(sizeBytes);
    }),
  );
});

it("sends again what arrived at another size, and nothing that arrived whole", () => {
  const all = pieces({ kind: "multipart", partSizeBytes: 10, partCount: 3 }, 25);
  const arrived = [
    { partNumber: 1, sizeBytes: 10 },
    { partNumber: 3, sizeBytes: 4 },
  ];
  expect(missing(all, arrived).map((piece) => piece.partNumber)).toEqual([2, 3]);
});
