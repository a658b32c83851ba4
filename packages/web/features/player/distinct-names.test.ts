import { expect, test } from "vitest";
import { withDistinctNames } from "./distinct-names.ts";

test("numbers captions of the same name and language, and no others", () => {
  const tracks = [
    { language: "en", name: "English" },
    { language: "en", name: "English" },
    { language: "de", name: "English" },
    { language: "en", name: "English" },
  ];
  expect(withDistinctNames(tracks).map(({ name }) => name)).toEqual([
    "English",
    "English (2)",
    "English",
    "English (3)",
  ]);
});
