import { describe, expect, it } from "vitest";
import { listed, shortName } from "./names.ts";

describe("a name in a sentence or a label", () => {
  it.each([
    ["a slash", "card/day 1/a.mp4", "card/day 1/a.mp4"],
    ["only dots", "..", ".."],
    ["a right-to-left override", "holiday\u202e4pm.gpj", "holiday4pm.gpj"],
  ])("with %s stays on one line, in its order", (_, name, shown) => {
    expect(shortName(name)).toBe(shown);
  });

  it("of 1,000 characters keeps its start and its end", () => {
    const name = `${"a".repeat(980)} take 0042 end.mp4`;
    expect(shortName(name)).toMatch(/^a{43}…ake 0042 end\.mp4$/);
    expect(Array.from(shortName("🎬".repeat(1_000)))).toHaveLength(60);
  });

  it("is shortened in lists too", () => {
    expect(listed(["a".repeat(1_000), "b.mp4"]).length).toBeLessThan(80);
  });
});
