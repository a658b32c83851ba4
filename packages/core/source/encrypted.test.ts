import { expect, test } from "vitest";
import { isEncrypted } from "./encrypted.ts";
import type { Family } from "./magic.ts";

const bytes = (value: string) => Buffer.from(value, "latin1");
function box(type: string, ...bodies: Uint8Array[]): Buffer {
  const body = Buffer.concat(bodies);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, "latin1");
  return Buffer.concat([header, body]);
}
function track(format: string): Buffer {
  const stsd = box("stsd", Buffer.alloc(8), box(format, Buffer.alloc(60)));
  const stbl = box("stbl", stsd, box("stsz", Buffer.alloc(400)));
  const mdia = box("mdia", box("mdhd", Buffer.alloc(24)), box("minf", box("vmhd"), stbl));
  return box("trak", box("tkhd", Buffer.alloc(84)), mdia);
}
const mp4 = (...formats: string[]) =>
  Buffer.concat([
    box("ftyp", bytes("isom\0\0\0\0")),
    box("mdat", Buffer.alloc(70_000)),
    box("moov", box("mvhd", Buffer.alloc(100)), ...formats.map(track)),
  ]);
const check = (family: Family, file: Buffer) =>
  isEncrypted(family, file.length, file.subarray(0, 65_536), async (offset, length) =>
    file.subarray(offset, offset + length),
  );

test.each([
  ["common encryption", ["encv", "enca"]],
  ["one encrypted track", ["mp4a", "encv"]],
  ["FairPlay", ["drmi", "drms"]],
])("detects an MP4 with %s, even if its index is at the end", async (_, formats) => {
  expect(await check("iso", mp4(...formats))).toBe(true);
});

test("accepts an MP4 without encryption, without an index, or with a broken index", async () => {
  expect(await check("iso", mp4("avc1", "mp4a"))).toBe(false);
  expect(await check("iso", box("ftyp", bytes("isom\0\0\0\0")))).toBe(false);
  expect(await check("iso", box("moov", box("trak", bytes("encv and nothing more"))))).toBe(false);
});

/** An element with a one-byte length. */
function element(id: number[], ...bodies: Uint8Array[]): Buffer {
  const body = Buffer.concat(bodies);
  return Buffer.concat([Buffer.from(id), Buffer.from([0x80 | body.length]), body]);
}
const webm = (...inTrack: Uint8Array[]) =>
  Buffer.concat([
    element([0x1a, 0x45, 0xdf, 0xa3], bytes("\x42\x82\x84webm")),
    // A segment of unknown length, as live recordings have.
    Buffer.from([0x18, 0x53, 0x80, 0x67, 0xff]),
    element([0x16, 0x54, 0xae, 0x6b], element([0xae], bytes("\xd7\x81\x01"), ...inTrack)),
  ]);

test("detects encryption in the encodings of a WebM track", async () => {
  const encryption = element([0x50, 0x35], bytes("\x47\xe1\x81\x05"));
  const encodings = element([0x6d, 0x80], element([0x62, 0x40], encryption));
  expect(await check("matroska", webm(encodings))).toBe(true);
  const compression = element([0x6d, 0x80], element([0x62, 0x40], bytes("\x50\x34\x80")));
  expect(await check("matroska", webm(compression))).toBe(false);
  expect(await check("matroska", webm())).toBe(false);
});

test("detects scrambled packets in a transport stream", async () => {
  const packet = (pid: number, scrambling: number) => {
    const one = Buffer.alloc(188, 1);
    one.set([0x47, pid >> 8, pid & 0xff, (scrambling << 6) | 0x10]);
    return one;
  };
  const stream = (scrambling: number) =>
    Buffer.concat([packet(0, 0), packet(17, 0), ...Array(20).fill(packet(256, scrambling))]);
  expect(await check("mpeg-ts", stream(2))).toBe(true);
  expect(await check("mpeg-ts", stream(3))).toBe(true);
  expect(await check("mpeg-ts", stream(0))).toBe(false);
});

test("detects a content encryption object in Windows Media", async () => {
  const object = Buffer.from("fbb3112223bdd211b4b700a0c955fc6e", "hex");
  expect(await check("asf", Buffer.concat([Buffer.alloc(200), object]))).toBe(true);
  expect(await check("asf", Buffer.alloc(200))).toBe(false);
});
