import fc from "fast-check";
import { expect, test } from "vitest";
import type { Family } from "./magic.ts";
import { tracksOf } from "./tracks.ts";

const find = (family: Family, file: Uint8Array) =>
  tracksOf(family, file.length, file.subarray(0, 65_536), async (offset, length) =>
    file.subarray(offset, offset + length),
  );

function box(type: string, ...bodies: Uint8Array[]): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + bodies.reduce((sum, { length }) => sum + length, 0));
  header.write(type, 4, "latin1");
  return Buffer.concat([header, ...bodies]);
}

interface IsoTrack {
  handler: string;
  format: string;
  language?: string;
  isEnabled?: boolean;
  /** The track with its chapters. */
  chapters?: number;
}

/** A track header has a version of 0 and an id; a media header has a language of three characters. */
function isoTrack(track: IsoTrack, at: number): Buffer {
  const { handler, format, language = "und", isEnabled = false, chapters } = track;
  const header = Buffer.alloc(84);
  header.writeUInt8(isEnabled ? 7 : 6, 3);
  header.writeUInt32BE(at + 1, 12);
  const media = Buffer.alloc(24);
  const [a = 0, b = 0, c = 0] = Array.from(language, (one) => one.charCodeAt(0) - 0x60);
  media.writeUInt16BE((a << 10) | (b << 5) | c, 20);
  const entries = box("stsd", Buffer.alloc(8), box(format, Buffer.alloc(30)));
  // The tables of an hour of video are this long.
  const tables = box("stbl", entries, box("stsz", Buffer.alloc(30_000)));
  const named = Buffer.alloc(4);
  named.writeUInt32BE(chapters ?? 0);
  return box(
    "trak",
    box("tkhd", header),
    ...(chapters === undefined ? [] : [box("tref", box("chap", named))]),
    box(
      "mdia",
      box("mdhd", media),
      box("hdlr", Buffer.alloc(8), Buffer.from(handler), Buffer.alloc(13)),
      box("minf", tables),
    ),
  );
}

const mp4 = (...tracks: IsoTrack[]) =>
  Buffer.concat([
    box("ftyp", Buffer.from("isom\0\0\0\0")),
    box("mdat", Buffer.alloc(100)),
    box("moov", box("mvhd", Buffer.alloc(100)), ...tracks.map(isoTrack)),
  ]);

test("finds the tracks of an MP4 file, however long its tables are", async () => {
  const file = mp4(
    { handler: "vide", format: "avc1", isEnabled: true, chapters: 6 },
    { handler: "soun", format: "mp4a", language: "eng" },
    { handler: "soun", format: "ac-3", language: "deu", isEnabled: true },
    { handler: "sbtl", format: "tx3g", language: "fra" },
    { handler: "tmcd", format: "tmcd", language: "fra" },
    { handler: "text", format: "tx3g", language: "eng" },
    { handler: "subp", format: "mp4s", language: "swe" },
  );
  const other = { type: "other", language: undefined };
  const [off, on] = [{ isDefault: false }, { isDefault: true }];
  expect(await find("iso", file)).toEqual([
    { ...other, format: "avc1", ...on },
    { type: "audio", format: "mp4a", language: "en", ...off },
    { type: "audio", format: "ac-3", language: "de", ...on },
    { type: "text", format: "tx3g", language: "fr", ...off },
    { ...other, format: "tmcd", language: "fr", ...off },
    // The video names it as its chapters.
    { ...other, format: "tx3g", language: "en", ...off },
    { type: "text", format: "mp4s", language: "sv", ...off },
  ]);
});

/** An element with a length of two bytes. */
function element(id: string, ...bodies: Uint8Array[]): Buffer {
  const length = bodies.reduce((sum, body) => sum + body.length, 0);
  return Buffer.concat([
    Buffer.from(id, "hex"),
    Buffer.from([0x40 | (length >> 8), length & 0xff]),
    ...bodies,
  ]);
}
const byte = (id: string, value: number) => element(id, Buffer.from([value]));
const words = (id: string, value: string) => element(id, Buffer.from(value));

test("finds the tracks of a Matroska file, with what it leaves out", async () => {
  const track = (type: number, codec: string, ...more: Buffer[]) =>
    element("ae", byte("83", type), words("86", codec), ...more);
  const file = Buffer.concat([
    element("1a45dfa3"),
    element(
      "18538067",
      element("1549a966", Buffer.alloc(300)),
      element(
        "1654ae6b",
        track(1, "V_VP9"),
        track(2, "A_OPUS", byte("88", 0), words("22b59c", "ger")),
        track(2, "A_OPUS", words("22b59c", "und")),
        track(17, "S_HDMV/PGS", words("22b59c", "eng"), words("22b59d", "pt-BR")),
      ),
    ),
  ]);
  expect(await find("matroska", file)).toEqual([
    { type: "other", format: "V_VP9", language: "en", isDefault: true },
    { type: "audio", format: "A_OPUS", language: "de", isDefault: false },
    { type: "audio", format: "A_OPUS", language: undefined, isDefault: true },
    { type: "text", format: "S_HDMV/PGS", language: "pt", isDefault: true },
  ]);
});

/** The packets of a table, whose section begins after `stuffing` bytes of the first one. */
function packets(pid: number, section: Buffer, stuffing = 0): Buffer[] {
  const payload = Buffer.concat([Buffer.from([stuffing]), Buffer.alloc(stuffing), section]);
  return Array.from({ length: Math.ceil(payload.length / 184) }, (_, at) => {
    const packet = Buffer.alloc(188, 0xff);
    packet.set([0x47, (at === 0 ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10]);
    payload.copy(packet, 4, at * 184);
    return packet;
  });
}

/** A section with a checksum that nothing reads. */
function section(table: number, body: Buffer): Buffer {
  const header = Buffer.from([table, 0xb0 | ((body.length + 9) >> 8), (body.length + 9) & 0xff]);
  return Buffer.concat([header, Buffer.from([0, 1, 0xc1, 0, 0]), body, Buffer.alloc(4)]);
}

const descriptor = (tag: number, ...body: Buffer[]) =>
  Buffer.concat([Buffer.from([tag, Buffer.concat(body).length]), ...body]);
const stream = (type: number, descriptors: Buffer) =>
  Buffer.concat([Buffer.from([type, 0xe1, 0, 0xf0, descriptors.length]), descriptors]);

test("finds the DVB and teletext subtitles of a transport stream", async () => {
  const dvb = (language: string) => Buffer.from(`${language}\x10\0\x01\0\x01`, "latin1");
  const page = (language: string, type: number) =>
    Buffer.concat([Buffer.from(language), Buffer.from([type << 3, 0x88])]);
  const map = Buffer.concat([
    Buffer.from([0xe1, 0, 0xf0, 0]),
    stream(0x1b, descriptor(0x0a, Buffer.from("ger\0"))),
    stream(0x06, descriptor(0x05, Buffer.alloc(200))),
    stream(0x06, descriptor(0x59, dvb("ger"), dvb("fra"))),
    stream(0x06, descriptor(0x56, page("swe", 1), page("dan", 2), page("nor", 5))),
  ]);
  const programs = Buffer.from([0, 0, 0xe0, 0x10, 0, 1, 0xf0, 0]);
  const file = Buffer.concat([
    ...packets(0x1000, section(2, map).subarray(0, 10)).map((packet) => packet.fill(0, 4)),
    ...packets(0, section(0, programs), 3),
    ...packets(0x1000, section(2, map)),
    ...packets(0x100, Buffer.alloc(400)),
  ]);
  const languages = (await find("mpeg-ts", file)).map(({ language }) => language);
  expect(languages).toEqual(["de", "fr", "da", "no"]);
});

test.each(["iso", "matroska", "mpeg-ts"] as const)("accepts any data as %s", async (family) => {
  const files = {
    iso: mp4({ handler: "soun", format: "mp4a", chapters: 1 }).subarray(0, 700),
    matroska: Buffer.from("1a45dfa380185380674008 1654ae6b83ae8183".replaceAll(" ", ""), "hex"),
    "mpeg-ts": Buffer.concat(
      [0, 1, 2, 3].flatMap((pid) => packets(pid, section(pid, Buffer.alloc(40)))),
    ),
  };
  const change = fc.tuple(fc.nat({ max: 800 }), fc.integer({ min: 0, max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
      const file = Buffer.from(files[family]);
      for (const [at, value] of changes) file[at % file.length] = value;
      expect(Array.isArray(await find(family, file))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
