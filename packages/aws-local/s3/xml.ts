/** XML documents as S3 writes and reads them. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { S3Error } from "./errors.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Control characters become references, as on S3: unescaped, they are invalid in XML or change meaning. */
const escapeXml = (text: string) =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not allow these characters.
    /[&<>"\u0000-\u0008\u000b-\u001f]/g,
    (char) => ESCAPES[char] ?? `&#${char.charCodeAt(0)};`,
  );

/** An element's content: text, elements by name, or the same element several times. */
export type Content =
  | string
  | number
  | boolean
  | undefined
  | { [name: string]: Content | Content[] };

/** A name may carry attributes, after a space. */
function element(name: string, content: Content | Content[]): string {
  if (content === undefined) return "";
  if (Array.isArray(content)) return content.map((item) => element(name, item)).join("");
  const inner =
    typeof content === "object"
      ? Object.entries(content)
          .map(([child, value]) => element(child, value))
          .join("")
      : escapeXml(String(content));
  return `<${name}>${inner}</${name.split(" ", 1)[0]}>`;
}

/** A whole document; elements whose content is undefined are left out. */
export function document(root: string, content: Content, namespace = true): string {
  const text = element(root, content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${
    namespace ? text.replace(`<${root}>`, `<${root} xmlns="${NAMESPACE}">`) : text
  }`;
}

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const malformed = () =>
  new S3Error(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );

/** The characters that XML 1.0 allows: https://www.w3.org/TR/xml/#charsets */
const isXmlChar = (code: number) =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not allow these characters.
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Resolves the references in an element's text, once. @throws S3Error MalformedXML for unknown references */
const decode = (text: string) =>
  text.replace(/&(?:#x([0-9a-fA-F]+);|#([0-9]+);|(\w+);)?/g, (_, hex, decimal, name) => {
    if (name !== undefined) {
      const char = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
      if (char === undefined) throw malformed();
      return char;
    }
    const code = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
    if (!isXmlChar(code)) throw malformed();
    return String.fromCodePoint(code);
  });

// The parser decodes no numeric references, or with an option also all of HTML's names.
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  tagValueProcessor: (_, value) => decode(value),
  isArray: (name) => name === "Part" || name === "Object",
});

const OPENING = /<!--|<!\[CDATA\[/g;

/**
 * Removes comments and turns CDATA into text with references, so that one rule decodes all text. Takes linear time, also
 * for sections without an end. @throws S3Error MalformedXML for such a section
 */
function normalize(text: string): string {
  const parts: string[] = [];
  let from = 0;
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(text); match; match = OPENING.exec(text)) {
    const isComment = match[0] === "<!--";
    const begin = match.index + match[0].length;
    const end = text.indexOf(isComment ? "-->" : "]]>", begin);
    if (end < 0) throw malformed();
    parts.push(text.slice(from, match.index), isComment ? "" : escapeXml(text.slice(begin, end)));
    from = end + 3;
    OPENING.lastIndex = from;
  }
  return parts.join("") + text.slice(from);
}

/** The parsed elements. @throws S3Error MalformedXML */
function parse(document: string): unknown {
  try {
    return XMLValidator.validate(document) === true ? parser.parse(document) : undefined;
  } catch {
    // For example an element named `__proto__`, which the parser rejects, or too many levels for the stack.
    throw malformed();
  }
}

/** Parses a request's document and returns the content of its root. @throws S3Error MalformedXML */
export function parseDocument(text: string, root: string): unknown {
  // A document type could define entities that expand without limit; no S3 client sends one.
  if (/<!DOCTYPE/i.test(text) || UNREADABLE.test(text)) throw malformed();
  const parsed = parse(normalize(text));
  if (typeof parsed !== "object" || parsed === null || !Object.hasOwn(parsed, root)) {
    throw malformed();
  }
  return Object.entries(parsed).find(([name]) => name === root)?.[1];
}
