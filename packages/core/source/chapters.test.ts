import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chaptersOf, cleaned } from "./chapters.ts";

describe("a list of chapters", () => {
  test("is sorted, has one chapter for each time, and a number in place of a missing title", () => {
    const chapters = [
      { seconds: 90, title: "Second" },
      { seconds: 0, title: "  " },
      { seconds: 90, title: "Also second" },
      { seconds: -1, title: "Before" },
      { seconds: Number.NaN, title: "Never" },
    ];
    expect(cleaned(chapters)).toEqual([
      { startMs: 0, title: "Chapter 1" },
      { startMs: 90_000, title: "Second" },
    ]);
  });

  test("has titles of one line, without marks that turn the text around", () => {
    expect(cleaned([{ seconds: 0, title: "One\r\n\u202eTwo\u0000  three\ud800" }])).toEqual([
      { startMs: 0, title: "One Two three\ufffd" },
    ]);
  });

  test("is bounded for every file", () => {
    const chapter = fc.record({
      seconds: fc.double(),
      title: fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.repeat(30)),
    });
    fc.assert(
      fc.property(fc.array(chapter, { minLength: 90, maxLength: 130 }), (chapters) => {
        const found = cleaned(chapters);
        expect(found.length).toBeLessThanOrEqual(100);
        found.forEach(({ startMs, title }, at) => {
          expect(Number.isSafeInteger(startMs)).toBe(true);
          expect(startMs).toBeGreaterThan(found[at - 1]?.startMs ?? -1);
          expect(title).toMatch(/^\P{Cc}{1,100}$/u);
        });
      }),
      { numRuns: 10 },
    );
  });
});

const BOXES = ["moov", "udta", "chpl", "trak", "tref", "chap", "tkhd", "mdia", "hdlr", "minf"];
const TABLES = ["stbl", "stts", "stsz", "stsc", "stco", "co64", "mdhd"];

/** A box with any content or with other boxes, and with any length. */
const { box } = fc.letrec<{ box: Uint8Array; boxes: Uint8Array }>((tie) => ({
  box: fc
    .tuple(
      fc.constantFrom(...BOXES, ...TABLES),
      fc.oneof(fc.uint8Array({ maxLength: 40 }), tie("boxes")),
      fc.constantFrom(0, 0, 0, 0, 1, -8, 1000),
    )
    .map(([type, body, more]) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(Math.max(0, 8 + body.length + more));
      head.write(type, 4, "latin1");
      return Buffer.concat([head, body]);
    }),
  boxes: fc.array(tie("box"), { maxLength: 5 }).map((all) => Buffer.concat(all)),
}));

const EBML = Buffer.from("1a45dfa380", "hex");
const ELEMENTS = ["18538067", "1043a770", "45b9", "b6", "91", "80", "85", "114d9b74", "4dbb"];
const element = fc
  .tuple(fc.constantFrom(...ELEMENTS), fc.uint8Array({ maxLength: 12 }))
  .map(([id, body]) => Buffer.concat([Buffer.from(id, "hex"), body]));

test.each([
  ["iso", box.map((one) => Buffer.concat([Buffer.from("\0\0\0\x08ftyp", "latin1"), one]))],
  ["matroska", fc.array(element).map((all) => Buffer.concat([EBML, ...all]))],
] as const)(
  "reads damaged %s headers without an error, and with few requests",
  async (family, file) => {
    await fc.assert(
      fc.asyncProperty(file, async (bytes) => {
        let reads = 0;
        const read = async (offset: number, length: number) => {
          reads += 1;
          return bytes.subarray(offset, offset + length);
        };
        expect((await chaptersOf(family, bytes.length, read)).length).toBeLessThanOrEqual(100);
        expect(reads).toBeLessThan(2000);
      }),
    );
  },
);
