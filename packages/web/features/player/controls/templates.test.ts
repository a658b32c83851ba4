import { expect, test } from "vitest";
import { withAlt, withBackItem, withNonce } from "./templates.ts";

test("gives each style element the nonce once", () => {
  const html = `<style>a{}</style><style id="row" media="width:0">b{}</style><p>c</p>`;
  const once = `<style nonce="n">a{}</style><style nonce="n" id="row" media="width:0">b{}</style><p>c</p>`;
  expect(withNonce(html, "n")).toBe(once);
  expect(withNonce(once, "n")).toBe(once);
});

test("makes the line that leads back an item with its text in its name", () => {
  const html = `<button part="back button" aria-label="Back to previous menu"><svg aria-hidden="true" viewBox="0 0 20 24" part="back indicator"></svg><slot name="title"></slot></button>`;
  expect(withBackItem(html)).toBe(
    `<button part="back button" role="menuitem"><svg role="img" aria-label="Back from" viewBox="0 0 20 24" part="back indicator"></svg><slot name="title"></slot></button>`,
  );
});

test("gives each picture an empty text once", () => {
  const once = `<img alt="" crossorigin loading="eager" decoding="async">`;
  expect(withAlt(`<img crossorigin loading="eager" decoding="async">`)).toBe(once);
  expect(withAlt(once)).toBe(once);
});
