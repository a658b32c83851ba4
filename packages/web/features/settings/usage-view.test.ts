import type { Info as Usage } from "@rushes/core/usage/schema";
import { describe, expect, it } from "vitest";
import { usageView } from "./usage-view.ts";

const view = (usage: Partial<Usage>) => {
  const [sources, uploads] = usageView({
    openUploads: 0,
    bytes: 0,
    reservedBytes: 0,
    maxOpenUploads: 1000,
    maxBytes: 0,
    ...usage,
  });
  return { sources, uploads };
};

describe("usage of an owner", () => {
  it("has no bar without a limit", () => {
    expect(view({ bytes: 1_500_000 }).sources).toEqual({
      name: "Sources",
      text: "1.5 MB (no limit)",
    });
  });

  it("shows stored and reserved bytes separately", () => {
    expect(view({ bytes: 3_000_000, reservedBytes: 1_000_000 }).sources?.text).toBe(
      "3 MB (2 MB stored, 1 MB reserved by uploads) (no limit)",
    );
  });

  it("shows 100 % only when nothing is left, with what to do", () => {
    expect(view({ bytes: 999_999, maxBytes: 1_000_000 }).sources).toMatchObject({ percent: 99 });
    const full = view({ bytes: 2_000_000, maxBytes: 1_000_000 }).sources;
    expect(full?.percent).toBe(100);
    expect(full?.hint).toMatch(/^Storage is full/);
  });

  it("warns shortly before it is full", () => {
    expect(view({ bytes: 90, maxBytes: 100 }).sources?.hint).toMatch(/almost full/);
    expect(view({ bytes: 89, maxBytes: 100 }).sources?.hint).toBeUndefined();
  });

  it("explains what to do when no further upload can start", () => {
    expect(view({ openUploads: 999 }).uploads?.hint).toBeUndefined();
    expect(view({ openUploads: 1000 }).uploads?.hint).toMatch(/finish, or cancel/);
  });
});
