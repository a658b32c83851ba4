import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("gives the browser the palette's background colors", () => {
  const palette = read("../../core/palette.css");
  const colors = /--paper: light-dark\((#\w+), (#\w+)\)/.exec(palette)?.slice(1);
  const layout = read("layout.tsx");
  expect([...layout.matchAll(/color: "(#\w+)"/g)].map(([, color]) => color)).toEqual(colors);
});
