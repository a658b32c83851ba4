import { describe, expect, it } from "vitest";
import { uploadOf } from "./engine-testing.ts";
import { elsewhereRow, otherFileSentence, unfinishedRow } from "./unfinished-view.ts";

const MB = 1024 ** 2;
const upload = { ...uploadOf("upl_1", 40 * MB), fileName: "a.mp4", sizeBytes: 40 * MB };

describe("the row of an unfinished upload", () => {
  it("shows how much has arrived, once it is known", () => {
    expect(unfinishedRow(upload, undefined)).toMatchObject({ bar: 0 });
    expect(unfinishedRow(upload, undefined).facts.join()).not.toContain("uploaded");
    const row = unfinishedRow(upload, 10 * MB);
    expect(row.bar).toBe(25);
    expect(row.facts[0]).toBe("10.5 MB of 41.9 MB uploaded");
    expect(row.facts[1]).toMatch(/^Expires /);
  });

  it("shows how much another tab has sent, once it has said so", () => {
    expect(elsewhereRow(upload, undefined)).toEqual({
      ...{ facts: ["41.9 MB", "Uploading in another tab"], bar: 0 },
    });
    expect(elsewhereRow(upload, 10 * MB)).toMatchObject({ bar: 25 });
  });

  it("accepts a file of another name, but not of another size, to continue", () => {
    const other = new File(["a"], "b.mp4");
    expect(otherFileSentence(upload, other)).toMatch(/another file: it has 1 byte,/);
    expect(otherFileSentence({ ...upload, sizeBytes: 1 }, other)).toBeUndefined();
  });
});
