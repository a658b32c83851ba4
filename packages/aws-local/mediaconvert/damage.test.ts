import { expect, test } from "vitest";
import { damageDetector, endsEarly } from "./damage.ts";
import { parseMedia } from "./media.ts";

const showsDamage = (line: string, container: string) => damageDetector({ container })(line);

test.each([
  "http://127.0.0.1:1/a: corrupt decoded frame in stream 0",
  "[h264 @ 0x1] error while decoding MB 3 4, bytestream -5",
  "[matroska,webm @ 0x1] 0x00 at pos 99 (0x63) invalid as first byte of an EBML number",
  "Error while decoding stream #0:1: Invalid data found when processing input",
  "[vist#0:0/h264 @ 0x1] Error submitting packet to decoder: Invalid data found",
  "[flv @ 0x1] Packet mismatch -486388866 2419 132248",
  "[ogg @ 0x1] CRC mismatch!",
  "[mxf @ 0x1] edit unit sync lost on stream 1, jumping from 38 to 41",
  "[asf @ 0x1] ff asf bad header 0  at:287907",
  "[mpegts @ 0x1] max resync size reached, could not find sync byte",
])("detects damage: %s", (line) => expect(showsDamage(line, "mpegts")).toBe(true));

test.each([
  ["mpegts", "[mpegts @ 0x1] DTS discontinuity in stream 0: packet 59 with DTS 304920"],
  ["mpegts", "a.ts: corrupt input packet in stream 0"],
  ["mpegts", "[h264 @ 0x1] non-existing PPS 0 referenced"],
  ["mpegts", "[hevc @ 0x1] Could not find ref with POC 33"],
  ["mpeg", "Error while decoding stream #0:0: Invalid data found when processing input"],
  ["matroska,webm", "[null @ 0x1] Application provided invalid, non monotonically increasing dts"],
])("does not report a joined or cut recording as damaged: %s, %s", (container, line) =>
  expect(showsDamage(line, container)).toBe(false),
);

test("reports more incomplete packets of a stream than the recording has joins", () => {
  const video = "a.ts: corrupt input packet in stream 0";
  const sound = "a.ts: corrupt input packet in stream 1";
  const joined = damageDetector({ container: "mpegts", joins: 1 });
  expect([video, sound, video].map(joined)).toEqual([false, false, true]);
  expect(damageDetector({ container: "mpegts", joins: 0 })(video)).toBe(true);
  expect(damageDetector({ container: "wav", joins: 0 })(video)).toBe(false);
});

test.each([
  ["avi", 1.8, true],
  ["mxf", 1.8, true],
  ["avi", 2.9, false],
  ["mov,mp4,m4a,3gp,3g2,mj2", 1.8, false],
])("finds pictures that end before the container says: %s, %s of 3 s", (container, seconds, is) => {
  const video = { index: 0, codec_type: "video", width: 64, height: 36, duration: 3 };
  const media = parseMedia({ streams: [video], format: { format_name: container } });
  expect(endsEarly(seconds, media)).toBe(is);
});

test("finds that the second of two joined recordings was not decoded", () => {
  const media = { container: "mpegts", durationSeconds: 6, joins: 1 };
  expect(endsEarly(3, media)).toBe(true);
  expect(endsEarly(5.9, media)).toBe(false);
  expect(endsEarly(3, { ...media, joins: 0 })).toBe(true);
});
