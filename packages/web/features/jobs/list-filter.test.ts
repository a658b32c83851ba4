import { describe, expect, it } from "vitest";
import { filterQuery, isFiltered, parseFilter } from "./list-filter.ts";

describe("the list's filter in the URL", () => {
  it("survives a round trip through the URL", () => {
    const filter = {
      status: "progressing",
      q: "été & co",
      tag: "Zürich 2026",
      sort: "name",
      cursor: "abc+/=",
      owner: "own_1",
    } as const;
    expect(parseFilter(new URLSearchParams(filterQuery(filter)))).toEqual(filter);
  });

  it("adds nothing to the URL without a choice", () => {
    expect(filterQuery({})).toBe("");
  });

  it("ignores an unknown status and order, and a blank search", () => {
    const filter = parseFilter(new URLSearchParams("?status=lost&sort=color&q=%20%20"));
    expect(isFiltered(filter)).toBe(false);
    expect(filter.sort).toBeUndefined();
  });
});
