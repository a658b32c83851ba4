import fc from "fast-check";
import { expect, test } from "vitest";
import { familyOf } from "./magic.ts";

const text = (value: string) => new TextEncoder().encode(value);
const packets = Uint8Array.from({ length: 600 }, (_, at) => (at % 188 === 0 ? 0x47 : 1));

test.each([
  ["MP4", text("\0\0\0\x20ftypisom"), "iso"],
  ["old QuickTime", text("\0\0\0\x08wide\0\0\0\0mdat"), "iso"],
  ["WebM", Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 1), "matroska"],
  ["AVI", text("RIFF\x10\0\0\0AVI LIST"), "avi"],
  ["a transport stream", packets, "mpeg-ts"],
  ["WAVE", text("RIFF\x10\0\0\0WAVEfmt "), "audio"],
  ["MP3 with tags", text("ID3\x04"), "audio"],
  ["MP3 without", Uint8Array.of(0xff, 0xfb, 0x90, 0x64), "audio"],
  ["a playlist", text("#EXTM3U\n/etc/passwd"), undefined],
  ["a concat script", text("ffconcat version 1.0\nfile /etc/passwd"), undefined],
  ["a WebP picture", text("RIFF\x10\0\0\0WEBPVP8 "), undefined],
  ["UTF-16 text", Uint8Array.of(0xff, 0xfe, 0x41, 0), undefined],
  ["nothing", new Uint8Array(), undefined],
])("%s is %s by its bytes", (_, bytes, family) => {
  expect(familyOf(bytes)).toBe(family);
});

test("any text is no film, whatever it calls itself", () => {
  const printable = fc.string({ unit: "grapheme-ascii", minLength: 1 });
  fc.assert(
    fc.property(printable, (value) => {
      fc.pre(
        !/^(RIFF|OggS|FLV|ID3|fLaC|FORM|GGG)|^.{4}(ftyp|moov|mdat|wide|free|skip|pnot|styp)/.test(
          value,
        ),
      );
      expect(familyOf(text(value))).toBeUndefined();
    }),
  );
});
