import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWhole, type Read } from "./whole.ts";

function box(type: string, body: number, wide = false): Uint8Array {
  const header = wide ? 16 : 8;
  const bytes = new Uint8Array(header + body);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, wide ? 1 : bytes.length);
  for (const [at, character] of [...type].entries()) bytes[4 + at] = character.charCodeAt(0);
  if (wide) view.setBigUint64(8, BigInt(bytes.length));
  return bytes;
}

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function reader(file: Uint8Array): Read {
  return async (offset, length) => file.subarray(offset, offset + length);
}
const whole = (file: Uint8Array) => isWhole("iso", file.length, reader(file));

describe("an MP4", () => {
  const boxes = fc
    .array(fc.tuple(fc.constantFrom("mdat", "free", "moof", "udta"), fc.nat(60), fc.boolean()), {
      maxLength: 8,
    })
    .chain((others) =>
      fc.tuple(fc.constant(others), fc.nat(others.length), fc.integer({ min: 1, max: 60 })),
    )
    .map(([others, at, size]) => {
      const list = others.map(([type, body, wide]) => box(type, body, wide));
      list.splice(at, 0, box("moov", size));
      return join(box("ftyp", 8), ...list);
    });

  test("is whole if every box is, wherever its index is", async () => {
    await fc.assert(
      fc.asyncProperty(boxes, async (file) => {
        expect(await whole(file)).toBe(true);
      }),
    );
  });

  test("is incomplete if its last box lacks bytes", async () => {
    await fc.assert(
      fc.asyncProperty(boxes, fc.integer({ min: 1, max: 8 }), async (file, lost) => {
        const tail = join(file, box("mdat", 20));
        expect(await whole(tail.subarray(0, tail.length - lost))).toBe(false);
      }),
    );
  });

  test("is incomplete without an index", async () => {
    expect(await whole(join(box("ftyp", 8), box("mdat", 40)))).toBe(false);
  });

  test("is whole with padding after its last box, or with a last box of unknown size", async () => {
    const open = box("mdat", 40);
    new DataView(open.buffer).setUint32(0, 0);
    expect(await whole(join(box("moov", 4), open))).toBe(true);
    expect(await whole(join(box("moov", 4), new Uint8Array(100)))).toBe(true);
  });

  test("is checked in bounded time, whatever its bytes are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (file) => {
        expect(typeof (await whole(file))).toBe("boolean");
      }),
    );
  });
});

describe("a Matroska file", () => {
  const file = (size: number[], body: number) =>
    new Uint8Array([
      ...[0x1a, 0x45, 0xdf, 0xa3, 0x81, 0x00],
      ...[0x18, 0x53, 0x80, 0x67, ...size],
      ...Array(body).fill(0),
    ]);
  const check = (bytes: Uint8Array) => isWhole("matroska", bytes.length, reader(bytes));

  test("is incomplete if it is shorter than its segment states", async () => {
    expect(await check(file([0x40, 0x64], 100))).toBe(true);
    expect(await check(file([0x40, 0x64], 99))).toBe(false);
    expect(await check(file([0x01, 0, 0, 0, 0, 0, 0, 0x64], 99))).toBe(false);
    expect(await check(file([0xff], 3))).toBe(true);
  });
});
