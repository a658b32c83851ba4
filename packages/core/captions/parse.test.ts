import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "./parse.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const vtt = async (text: string) => (await parse(utf8(text))).vtt;
const cue = (text: string) => `WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n${text}\n`;
const HELLO = cue("Grüße – 你好");

describe("a file becomes WebVTT", () => {
  const srt = "1\n00:00:01,000 --> 00:00:02,500\nGrüße – 你好\n";
  const utf16 = (text: string, isBig: boolean) => {
    const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
    return isBig ? bytes.swap16() : bytes;
  };

  test.each([
    ["SubRip in UTF-8", utf8(srt)],
    ["UTF-8 with a byte order mark", utf8(`\ufeff${srt}`)],
    ["UTF-16, little-endian", utf16(srt, false)],
    ["UTF-16, big-endian", utf16(srt, true)],
    ["line ends of Windows", utf8(srt.replaceAll("\n", "\r\n"))],
    ["line ends of old Macs", utf8(srt.replaceAll("\n", "\r"))],
    ["WebVTT", utf8(HELLO)],
    [
      "WebVTT with short times",
      utf8("WEBVTT - title\nKind: captions\n\nid\n00:01.000 --> 00:02.500\nGrüße – 你好"),
    ],
    [
      "styles and comments",
      utf8(
        `WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE a\nb\n\nREGION\nid:x\n\n${HELLO.slice(8)}`,
      ),
    ],
    ["coordinates of SubRip", utf8(srt.replace("2,500", "2,500  X1:40 X2:600 Y1:20 Y2:50"))],
    ["times without spaces", utf8(srt.replace(" --> ", "-->"))],
  ])("from %s", async (_, bytes) => {
    expect(await parse(bytes)).toEqual({ vtt: HELLO, cues: 1 });
  });

  test("from Latin-1", async () => {
    const bytes = Buffer.from("1\n00:00:01,000 --> 00:00:02,500\nCafé ñandú\n", "latin1");
    expect((await parse(bytes)).vtt).toBe(cue("Café ñandú"));
  });

  test("with positions, and without settings that are invalid", async () => {
    const timing = "00:00:01.000 --> 00:00:02.500";
    const settings = "line:-1 position:25%,line-left size:40% align:start";
    expect(await vtt(`WEBVTT\n\n${timing} ${settings}\nHi`)).toBe(
      `WEBVTT\n\n${timing} ${settings}\nHi\n`,
    );
    expect(await vtt(`WEBVTT\n\n${timing} line:10%,end vertical:rl x:y size:big\nHi`)).toBe(
      `WEBVTT\n\n${timing} vertical:rl line:10%,end\nHi\n`,
    );
  });

  test("with a first line of text that resembles a setting", async () => {
    expect(await vtt(cue("size: 5 liters\nalign:"))).toBe(cue("size: 5 liters\nalign:"));
  });

  test.each([
    ["<i>a</i> <b>b</b> <u>c</u>", "<i>a</i> <b>b</b> <u>c</u>"],
    ["<v.loud Ann>Hi</v> <00:00:01.500>there", "<v.loud Ann>Hi</v> <00:00:01.500>there"],
    ['<font color="#fff">a</font>{\\an8}', "a"],
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ['<img src=x onerror="a()">', '&lt;img src=x onerror="a()"&gt;'],
    ["<b onclick=a()>x</b>", "<b onclick=a()>x</b>"],
    ["R&B &amp; 1 < 2 &copy;", "R&amp;B &amp; 1 &lt; 2 &amp;copy;"],
  ])("with the text %j as %j", async (text, clean) => {
    expect(await vtt(cue(text))).toBe(cue(clean));
  });
});

describe("a file is rejected", () => {
  test.each([
    [
      "a playlist",
      "#EXTM3U\nmedia.ts",
      "Line 1: this is neither a WebVTT nor a SubRip (SRT) file.",
    ],
    ["an empty file", "", "Line 1: this is neither a WebVTT nor a SubRip (SRT) file."],
    ["no captions", "WEBVTT\n\nNOTE nothing", "The file has no captions."],
    ["bytes that are no text", "\0\0\0\u0018ftypmp42-->", "This is not a text file."],
    [
      "a time that is no time",
      "1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:0x,000 --> 00:00:05,000\nB",
      "Line 6: the times cannot be read. Write them like 00:00:01.000 --> 00:00:04.000.",
    ],
    [
      "61 seconds",
      "WEBVTT\n\n00:61.000 --> 00:62.000\nA",
      "Line 3: the times cannot be read. Write them like 00:00:01.000 --> 00:00:04.000.",
    ],
    [
      "an end before the start",
      "WEBVTT\n\n00:02.000 --> 00:01.000\nA",
      "Line 3: the caption ends before it starts.",
    ],
    [
      "text without times",
      "1\n00:00:01,000 --> 00:00:02,000\nA\n\nand more",
      "Line 5: the times are missing. Write them like 00:00:01.000 --> 00:00:04.000.",
    ],
    [
      "two captions without an empty line",
      "1\n00:00:01,000 --> 00:00:02,000\nA\n2\n00:00:03,000 --> 00:00:04,000\nB",
      "Line 5: an empty line is missing before this caption.",
    ],
    [
      "a header without an empty line",
      "WEBVTT\n00:01.000 --> 00:02.000\nA",
      "Line 2: an empty line is missing before this caption.",
    ],
    [
      "a text that is too long",
      cue("a".repeat(4001)),
      "Line 4: the text has more than 4000 characters.",
    ],
  ])("for %s", async (_, text, message) => {
    await expect(parse(utf8(text))).rejects.toMatchObject({ code: "captions.invalid", message });
  });

  test("above one megabyte", async () => {
    await expect(parse(new Uint8Array(1_000_001))).rejects.toMatchObject({
      code: "request.too_large",
    });
  });
});

const file = fc
  .array(
    fc.record({
      start: fc.integer({ min: 0, max: 80_000_000 }),
      length: fc.integer({ min: 1, max: 100_000 }),
      text: fc.oneof(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.string({ unit: fc.constantFrom(..."<>&;/biv{\\} -.\n"), maxLength: 40 }),
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((cues) => {
    const time = (ms: number) => new Date(ms).toISOString().slice(11, 23);
    const blocks = cues.map(
      ({ start, length, text }) => `${time(start)} --> ${time(start + length)}\n${text}`,
    );
    return ["WEBVTT", ...blocks].join("\n\n");
  });
const outcome = (text: string) =>
  parse(utf8(text)).catch((error: unknown) => ({ code: Object(error).code, vtt: undefined }));

test("what Rushes stores is valid, stays the same when it is added again, and has only known tags", () =>
  fc.assert(
    fc.asyncProperty(file, async (text) => {
      const { vtt: stored } = await outcome(text);
      if (stored === undefined) return;
      expect((await parse(utf8(stored))).vtt).toBe(stored);
      const rest = stored.replace(/<\/?(b|i|u|c|v|lang|ruby|rt)([.\s][^<>]*)?>|<[\d:.]+>/g, "");
      expect(rest.replaceAll(" --> ", "")).not.toMatch(/[<>]/);
    }),
  ));

test("any bytes are either captions or an error that a person can read", () =>
  fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), file.map(utf8)), async (bytes) => {
      const result = await parse(bytes).catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toMatchObject({ code: "captions.invalid" });
      else expect(result).toMatchObject({ vtt: expect.stringMatching(/^WEBVTT\n\n/) });
    }),
  ));
