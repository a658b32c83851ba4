/** XML documents as S3 writes and reads them. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { S3Error } from "./errors.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

export const escapeXml = (text: string) => text.replace(/[&<>"\r]/g, (char) => ESCAPES[char] ?? "");

/** An element's content: text, elements by name, or the same element several times. */
export type Content =
  | string
  | number
  | boolean
  | undefined
  | { [name: string]: Content | Content[] };

function element(name: string, content: Content | Content[]): string {
  if (content === undefined) return "";
  if (Array.isArray(content)) return content.map((item) => element(name, item)).join("");
  const inner =
    typeof content === "object"
      ? Object.entries(content)
          .map(([child, value]) => element(child, value))
          .join("")
      : escapeXml(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** A whole document; elements whose content is undefined are left out. */
export function document(root: string, content: Content, namespace = true): string {
  const text = element(root, content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${
    namespace ? text.replace(`<${root}>`, `<${root} xmlns="${NAMESPACE}">`) : text
  }`;
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === "Part" || name === "Object",
});

/** Reads a request's document and returns what stands in its root. @throws S3Error MalformedXML */
export function parseDocument(text: string, root: string): unknown {
  const malformed = new S3Error(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
  // A document type could define entities that grow without end; no client of S3 sends one.
  if (/<!DOCTYPE/i.test(text) || XMLValidator.validate(text) !== true) throw malformed;
  const parsed: unknown = parser.parse(text);
  if (typeof parsed !== "object" || parsed === null || !(root in parsed)) throw malformed;
  return Object.entries(parsed).find(([name]) => name === root)?.[1];
}
