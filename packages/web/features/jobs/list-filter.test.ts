import { describe, expect, it } from "vitest";
import { filterQuery, isFiltered, parseFilter } from "./list-filter.ts";

describe("the list's filter in the address", () => {
  it("survives the way into the address and back", () => {
    const filter = {
      status: "progressing",
      q: "été & co",
      cursor: "abc+/=",
      owner: "own_1",
    } as const;
    expect(parseFilter(new URLSearchParams(filterQuery(filter)))).toEqual(filter);
  });

  it("leaves an address alone when nothing is chosen", () => {
    expect(filterQuery({})).toBe("");
  });

  it("ignores a status that does not exist and a search of spaces", () => {
    const filter = parseFilter(new URLSearchParams("?status=lost&q=%20%20"));
    expect(isFiltered(filter)).toBe(false);
  });
});
