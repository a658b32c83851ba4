import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Read } from "./read.ts";
import { isWhole } from "./whole.ts";

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

describe("a file that states its size or where its end is", () => {
  const check = (family: Parameters<typeof isWhole>[0], bytes: Uint8Array) =>
    isWhole(family, bytes.length, reader(bytes));
  const bytes = (...parts: (string | number[])[]) =>
    new Uint8Array(
      parts.flatMap((part) =>
        typeof part === "string" ? [...part].map((one) => one.charCodeAt(0)) : part,
      ),
    );
  const zeros = (count: number): number[] => Array(count).fill(0);
  const PARTITION = [0x06, 0x0e, 0x2b, 0x34, 2, 5, 1, 1, 13, 1, 2, 1, 1, 2, 4, 0];
  const FILE_PROPERTIES = "\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65";
  const asf = (flags: number) =>
    bytes([...zeros(30)], FILE_PROPERTIES, zeros(24), [160, ...zeros(47), flags], zeros(41));

  test.each([
    ["mxf", "MXF", bytes(PARTITION, [0x83, 0, 0, 120], [...zeros(31), 140], zeros(89))],
    [
      "flv",
      "Flash Video",
      bytes("FLV", zeros(30), "\0\bfilesize\0", [0x40, 0x50, ...zeros(6)], zeros(12)),
    ],
    ["audio", "WAV", bytes("RIFF", [40, 0, 0, 0], "WAVEfmt ", zeros(24))],
    [
      "audio",
      "MP3",
      bytes(
        "ID3",
        [4, 0, 0, 0, 0, 1, 0],
        zeros(128),
        [255, 251],
        zeros(34),
        "Xing",
        [0, 0, 0, 3],
        zeros(7),
        [200],
        zeros(148),
      ),
    ],
    ["asf", "ASF", asf(2)],
    ["ogg", "Ogg", bytes("OggS", zeros(22), [2, 200, 3], zeros(203))],
  ] as const)("is incomplete without its end: %s", async (family, _, file) => {
    expect(await check(family, file)).toBe(true);
    expect(await check(family, file.subarray(0, -1))).toBe(false);
  });

  test.each([
    ["mxf", bytes(PARTITION, [0x83, 0, 0, 120], zeros(60))],
    ["flv", bytes("FLV", zeros(60))],
    ["audio", bytes("RIFF", [255, 255, 255, 255], "WAVEfmt ", zeros(24))],
    ["audio", bytes("ID3", zeros(60))],
    ["audio", bytes([255, 251], zeros(34), "Info", [0, 0, 0, 1], zeros(7), [200], zeros(40))],
    ["asf", asf(1).subarray(0, 130)],
    ["ogg", bytes("OggS", zeros(22), [1, 4], zeros(4), "other bytes")],
  ] as const)("is whole if it does not know: %s", async (family, file) => {
    expect(await check(family, file)).toBe(true);
  });
});
