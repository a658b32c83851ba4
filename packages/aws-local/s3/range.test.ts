import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRange } from "./range.ts";

describe("ranges", () => {
  test("parses a range as slice() would cut it, within the object", () => {
    const number = fc.option(fc.nat(50), { nil: "" as const });
    fc.assert(
      fc.property(number, number, fc.nat(30), (from, to, sizeBytes) => {
        const range = parseRange(`bytes=${from}-${to}`, sizeBytes);
        if (range === undefined) {
          expect(from === "" ? to === "" : to !== "" && to < from).toBe(true);
          return;
        }
        const all = Array.from({ length: sizeBytes }, (_, at) => at);
        const wanted =
          from === ""
            ? all.slice(Math.max(0, sizeBytes - Number(to)))
            : all.slice(from, to === "" ? undefined : to + 1);
        if (range === "unsatisfiable") expect(wanted).toEqual([]);
        else expect(all.slice(range.start, range.end + 1)).toEqual(wanted);
      }),
    );
  });

  test("ignores anything but one well-formed range of bytes, as S3 does", () => {
    for (const header of [
      undefined,
      "",
      "bytes=",
      "bytes=-",
      "bytes=a-b",
      "lines=1-2",
      "bytes=0-1,3-4",
    ]) {
      expect(parseRange(header, 10)).toBeUndefined();
    }
  });
});
