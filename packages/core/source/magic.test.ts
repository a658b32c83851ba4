import fc from "fast-check";
import { expect, test } from "vitest";
import { familyOf } from "./magic.ts";
import { pictureOf } from "./picture.ts";

const text = (value: string) => new TextEncoder().encode(value);
const bytes = (value: string) => Uint8Array.from(value, (character) => character.charCodeAt(0));
const stream = (spacing: number, packets: number, offset = 0) =>
  Uint8Array.from({ length: spacing * packets }, (_, at) => (at % spacing === offset ? 0x47 : 1));
const packets = stream(188, 4);

test.each([
  ["MP4", text("\0\0\0\x20ftypisom"), "iso"],
  ["old QuickTime", text("\0\0\0\x08wide\0\0\0\0mdat"), "iso"],
  ["WebM", Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 1), "matroska"],
  ["AVI", text("RIFF\x10\0\0\0AVI LIST"), "avi"],
  ["a transport stream", packets, "mpeg-ts"],
  ["WAVE", text("RIFF\x10\0\0\0WAVEfmt "), "audio"],
  ["MP3 with tags", text("ID3\x04"), "audio"],
  ["MP3 without tags", Uint8Array.of(0xff, 0xfb, 0x90, 0x64), "audio"],
  ["a playlist", text("#EXTM3U\n/etc/passwd"), undefined],
  ["a concat script", text("ffconcat version 1.0\nfile /etc/passwd"), undefined],
  ["WAVE in 64 bits", text("RF64\x10\0\0\0WAVEfmt "), "audio"],
  ["AMR", text("#!AMR\n"), "audio"],
  ["a document", text("%PDF-1.7\n"), undefined],
  ["an archive", text("PK\x03\x04\x14\0"), undefined],
  ["Motion JPEG 2000", bytes("\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypmjp2"), undefined],
  ["UTF-16 text", Uint8Array.of(0xff, 0xfe, 0x41, 0), undefined],
  ["an empty file", new Uint8Array(), undefined],
])("identifies %s as %s", (_, file, family) => {
  expect(familyOf(file)).toBe(family);
});

const ftyp = (major: string, ...others: string[]) =>
  bytes(
    `\0\0\0${String.fromCharCode(16 + 4 * others.length)}ftyp${major}\0\0\0\0${others.join("")}`,
  );

test.each([
  ["HEIC", ftyp("heic", "mif1", "heic")],
  ["HEIC with a general brand", ftyp("mif1", "heic", "hevc")],
  ["HEIX", ftyp("heix")],
  ["AVIF", ftyp("avif", "mif1", "miaf")],
  ["Canon's CR3", ftyp("crx ")],
  ["JPEG", bytes("\xff\xd8\xff\xe0\0\x10JFIF")],
  ["PNG", bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")],
  ["GIF", bytes("GIF89a\x01\0\x01\0\0\0\0\x21\xf9\x04")],
  ["WebP", bytes("RIFF\x10\0\0\0WEBPVP8 ")],
  ["WebP with transparency", bytes("RIFF\x10\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0")],
  ["BMP", bytes("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0")],
  ["TIFF or DNG", bytes("II*\0\x08\0\0\0")],
  ["big-endian TIFF", bytes("MM\0*\0\0\0\x08")],
  ["JPEG XL", bytes("\xff\x0a\xfa\x7f")],
  ["JPEG XL in a container", bytes("\0\0\0\x0cJXL \r\n\x87\n")],
  ["JPEG 2000", bytes("\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ")],
  ["Photoshop", bytes("8BPS\0\x01")],
  ["Fujifilm's raw", bytes("FUJIFILMCCD-RAW 0201")],
  ["an icon", bytes("\0\0\x01\0\x01\0\x10\x10\0\0")],
  ["SVG", bytes('<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="">')],
])("identifies %s as a picture", (_, file) => expect(familyOf(file)).toBe("picture"));

test.each([
  ["a GIF of two pictures", bytes("GIF89a\x01\0\x01\0\0\0\0\x21\xf9\x04,\x21\xf9\x04")],
  ["a GIF that repeats", bytes("GIF89a\x01\0\x01\0\0\0\0\x21\xff\x0bNETSCAPE2.0")],
  ["WebP", bytes("RIFF\x10\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0")],
  ["APNG", bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\x08acTL")],
  ["an AVIF sequence", ftyp("avis", "avif", "msf1")],
  ["a HEIC sequence", ftyp("hevc", "msf1")],
  ["a sequence with a general brand", ftyp("msf1", "hevc")],
])("identifies %s as an animated picture", (_, file) =>
  expect(familyOf(file)).toBe("animated-picture"),
);

test.each(["isom", "mp42", "qt  ", "avc1", "iso6", "M4V ", "3gp4", "dash", "XAVC", "mp41"])(
  "identifies the brand %j as a video",
  (brand) => expect(familyOf(ftyp(brand, "isom", "mif1"))).toBe("iso"),
);

test.each([188, 192, 204])(
  "finds a transport stream of %i-byte packets after any number of stray bytes",
  (spacing) => {
    const after = (stray: Uint8Array) => Uint8Array.of(...stray, ...stream(spacing, 12));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (stray) => {
        fc.pre(pictureOf(stray) === undefined && familyOf(stray) !== "iso");
        fc.pre(!/^(RIFF|RF64|BW64|OggS|FLV)/.test(String.fromCharCode(...stray.subarray(0, 4))));
        expect(familyOf(after(stray))).toBe("mpeg-ts");
      }),
    );
    for (const filler of [0, 0xff, 0x47]) {
      expect(familyOf(after(new Uint8Array(5000).fill(filler)))).toBe("mpeg-ts");
    }
    // Bytes that begin like MP3 as well.
    expect(familyOf(after(Uint8Array.of(0xff, 0xfb, 0x90, 0x64)))).toBe("mpeg-ts");
  },
);

test("accepts no text as a video", () => {
  const printable = fc.string({ unit: "grapheme-ascii", minLength: 1 });
  fc.assert(
    fc.property(printable, (value) => {
      fc.pre(
        !/^(RIFF|OggS|FLV|ID3|fLaC|FORM|GGG|BM|P[1-7]|8BPS|II|MM|caff|wvpk)|^.{4}(ftyp|moov|mdat|wide|free|skip|pnot|styp)/.test(
          value,
        ),
      );
      expect(familyOf(text(value))).toBeUndefined();
    }),
  );
});
