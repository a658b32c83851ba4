import type { Info as Usage } from "@rushes/core/usage/schema";
import { describe, expect, it } from "vitest";
import { usageView } from "./usage-view.ts";

const view = (usage: Partial<Usage>) => {
  const [sources, uploads] = usageView({
    ...{ openUploads: 0, bytes: 0, reservedBytes: 0, maxOpenUploads: 1000, maxBytes: 0 },
    ...usage,
  });
  return { sources, uploads };
};

describe("what an owner takes up", () => {
  it("has no bar where there is no limit", () => {
    expect(view({ bytes: 1_500_000 }).sources).toEqual({
      name: "Sources",
      text: "1.5 MB, without a limit",
    });
  });

  it("shows what is stored and what uploads reserve apart", () => {
    expect(view({ bytes: 3_000_000, reservedBytes: 1_000_000 }).sources?.text).toBe(
      "3 MB (2 MB stored, 1 MB reserved by uploads), without a limit",
    );
  });

  it("says 100 % only when nothing is left, and then what to do", () => {
    expect(view({ bytes: 999_999, maxBytes: 1_000_000 }).sources).toMatchObject({ percent: 99 });
    const full = view({ bytes: 2_000_000, maxBytes: 1_000_000 }).sources;
    expect(full?.percent).toBe(100);
    expect(full?.hint).toMatch(/^There is no room/);
  });

  it("warns before it is full, and not long before", () => {
    expect(view({ bytes: 90, maxBytes: 100 }).sources?.hint).toMatch(/little room/);
    expect(view({ bytes: 89, maxBytes: 100 }).sources?.hint).toBeUndefined();
  });

  it("says what helps when no further upload may begin", () => {
    expect(view({ openUploads: 999 }).uploads?.hint).toBeUndefined();
    expect(view({ openUploads: 1000 }).uploads?.hint).toMatch(/finish, or cancel/);
  });
});
