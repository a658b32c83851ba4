import { expect, test } from "vitest";
import { startOptions } from "./start-options.ts";

test("reads how an embed starts", () => {
  expect(startOptions("?autoplay=1&muted=1&loop=1&start=1m30s")).toEqual({
    atSeconds: 90,
    autoplay: true,
    muted: true,
    loop: true,
  });
});

test("starts paused at the remembered position, with sound, without a query or with one that it does not know", () => {
  const usual = { atSeconds: undefined, autoplay: false, muted: false, loop: false };
  for (const search of ["", "?autoplay=0&muted=true&loop", "?start=later&x=1"])
    expect(startOptions(search), search).toEqual(usual);
});

test("prefers the time of a copied link", () => {
  expect(startOptions("?start=5&t=7s").atSeconds).toBe(7);
});
