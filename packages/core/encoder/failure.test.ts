import { expect, test } from "vitest";
import { ENCODER_CODE, WARNING_CODE } from "./code.ts";
import { failureOf, isTransient, warningOf } from "./failure.ts";

const errorId = "1700000000000-abcdef";

test.each([
  ["file", 1010, "source.damaged"],
  ["file", 1020, "source.no_video"],
  ["file", 1030, "source.unsupported_video"],
  ["file", 1075, "source.truncated"],
  ["file", 1076, "source.truncated"],
  ["file", 1404, "source.missing"],
  ["machine", 1517, "encoder.storage"],
  ["machine", 1522, "encoder.storage"],
  ["machine", 1550, "encoder.storage"],
  ["machine", 1999, "encoder.stopped"],
  ["us", 1021, "encoder.failed"],
  ["us", 1040, "encoder.failed"],
  ["us", 1401, "encoder.failed"],
  ["us", 1432, "encoder.failed"],
  ["us", 3400, "encoder.failed"],
])("attributes to the %s: AWS's code %i becomes %s", (whose, code, type) => {
  const failure = failureOf({ code, message: "", errorId });
  expect(failure.type).toBe(type);
  expect(isTransient(failure)).toBe(whose === "machine");
});

test("warns the owner of damage and of other pictures, and of nothing else", () => {
  expect(warningOf(WARNING_CODE.damaged)).toEqual({ type: "source.damaged" });
  expect(warningOf(WARNING_CODE.pictureChanged)).toEqual({ type: "source.changed" });
  expect(warningOf(WARNING_CODE.diskFull)).toBeUndefined();
  expect(warningOf(230_001)).toBeUndefined();
});

test("takes only the number of a limit from the encoder's message", () => {
  const message =
    "limit of 900 https://uploads.s3.amazonaws.com/a.mp4?X-Amz-Signature=abc [mov @ 0x55d0c0ffee80] /var/task";
  for (const code of [...Object.values(ENCODER_CODE), 1, 1434, 3999]) {
    const failure = failureOf({ code, message, errorId });
    expect(JSON.stringify(failure)).not.toMatch(/X-Amz|0x|https|\/var/);
  }
  expect(failureOf({ code: ENCODER_CODE.timeLimit, message, errorId })).toEqual({
    type: "encoder.time_limit",
    limitSeconds: 900,
  });
});
