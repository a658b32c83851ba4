import fc from "fast-check";
import { expect, test } from "vitest";
import { document, parseDocument } from "./xml.ts";

test("returns text unchanged through XML", () => {
  const text = fc
    .string({ unit: "grapheme-ascii" })
    .filter((text) => text.trim() === text && text !== "");
  fc.assert(
    fc.property(text, (text) => {
      const xml = document("Delete", { Object: [{ Key: text }] });
      expect(parseDocument(xml, "Delete")).toMatchObject({ Object: [{ Key: text }] });
    }),
  );
});

test("decodes every XML form of a character, once", () => {
  const key = (text: string) =>
    parseDocument(`<Delete><Object><Key>${text}</Key></Object></Delete>`, "Delete");
  for (const [written, meant] of [
    ["&#34;a&#34;", '"a"'],
    ["&#x22;", '"'],
    ["&#x1F3AC;&#128512;", "🎬😀"],
    ["&#13;&#xD;&#10;&#x0009;", "\r\r\n\t"],
    ["&lt;&gt;&amp;&quot;&apos;", "<>&\"'"],
    ["&amp;#34;", "&#34;"],
    ["&#38;amp;", "&amp;"],
    ["&#38;#34;", "&#34;"],
    ["<![CDATA[a&#34;<b>]]>", "a&#34;<b>"],
    ["a<!-- &#34; -->b", "ab"],
  ]) {
    expect(key(written ?? "")).toMatchObject({ Object: [{ Key: meant }] });
  }
});

test("rejects a reference to an invalid character or an unknown name", () => {
  for (const text of [
    "&#0;",
    "&#x0;",
    "&#1;",
    "&#xD800;",
    "&#xDFFF;",
    "&#xFFFE;",
    "&#x110000;",
    "&#99999999999;",
    "&#;",
    "&#x;",
    "&#xG;",
    "&#3 4;",
    "&copy;",
    "&nbsp;",
    "a & b",
    "&",
    "&#34",
    "\u0001",
  ]) {
    const document = `<Delete><Object><Key>${text}</Key></Object></Delete>`;
    expect(() => parseDocument(document, "Delete"), text).toThrow(/well-formed/);
  }
});

test("rejects a document that is truncated, of another type, or declares entities", () => {
  for (const text of [
    "",
    "<Delete>",
    "<Other/>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><Delete/>",
    "{}",
  ]) {
    expect(() => parseDocument(text, "Delete")).toThrow(/well-formed/);
  }
});

test("rejects what the parser cannot read, instead of failing", () => {
  for (const inner of [
    "<__proto__>1</__proto__>",
    "<Object><Key>a</Key><__proto__>1</__proto__></Object>",
    "<constructor>1</constructor>",
    `${"<a>".repeat(50_000)}${"</a>".repeat(50_000)}`,
    `${"<Object>".repeat(20_000)}${"</Object>".repeat(20_000)}`,
  ]) {
    const read = () => parseDocument(`<Delete>${inner}</Delete>`, "Delete");
    expect(read, inner.slice(0, 60)).toThrow(/well-formed/);
  }
  expect(() => parseDocument("<a/>", "toString")).toThrow(/well-formed/);
});

test("reads sections without an end in linear time, because one thread serves all users", () => {
  for (const opening of ["<!--", "<![CDATA["]) {
    const text = `<Delete>${opening.repeat(4_000_000 / opening.length)}`;
    const began = performance.now();
    expect(() => parseDocument(text, "Delete")).toThrow(/well-formed/);
    // Takes 0.03 s. In quadratic time, it took minutes.
    expect(performance.now() - began, opening).toBeLessThan(5000);
  }
});
