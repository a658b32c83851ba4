import { expect, test } from "vitest";
import { showsDamage } from "./damage.ts";

test.each([
  "http://127.0.0.1:1/a: corrupt decoded frame in stream 0",
  "[h264 @ 0x1] error while decoding MB 3 4, bytestream -5",
  "[matroska,webm @ 0x1] 0x00 at pos 99 (0x63) invalid as first byte of an EBML number",
  "Error while decoding stream #0:1: Invalid data found when processing input",
  "[vist#0:0/h264 @ 0x1] Error submitting packet to decoder: Invalid data found",
])("detects damage: %s", (line) => expect(showsDamage(line, { container: "mpegts" })).toBe(true));

test.each([
  ["mpegts", "[mpegts @ 0x1] DTS discontinuity in stream 0: packet 59 with DTS 304920"],
  ["mpegts", "a.ts: corrupt input packet in stream 0"],
  ["mpegts", "[h264 @ 0x1] non-existing PPS 0 referenced"],
  ["mpegts", "[hevc @ 0x1] Could not find ref with POC 33"],
  ["mpeg", "Error while decoding stream #0:0: Invalid data found when processing input"],
  ["matroska,webm", "[null @ 0x1] Application provided invalid, non monotonically increasing dts"],
])("does not report a joined or cut recording as damaged: %s, %s", (container, line) =>
  expect(showsDamage(line, { container })).toBe(false),
);
