import { parseSync } from "rolldown/utils";

/** `threeHTMLPages_OF` becomes three, html, pages, of. */
export function wordsOf(identifier) {
  return identifier
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
}

const isText = (value) => typeof value === "string" && /\S\s+\S/.test(value);

/** The identifiers of a file, and its texts for people: strings with a space, JSX text, comments. */
function partsOf(file, source) {
  const { program, comments, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const identifiers = new Set();
  const texts = comments.map(({ value }) => value);
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== "object") return;
    if (/Identifier$/.test(node.type) && node.name) identifiers.add(node.name);
    if (node.type === "JSXText") texts.push(node.value);
    if (node.type === "Literal" && isText(node.value)) texts.push(node.value);
    if (node.type === "TemplateElement" && isText(node.value.raw)) texts.push(node.value.raw);
    Object.values(node).forEach(visit);
  };
  visit(program);
  return { identifiers: [...identifiers], texts };
}

function inIdentifiers(identifiers, { words, names, allowed }) {
  const allow = Object.keys(allowed).map((pattern) => new RegExp(pattern, "g"));
  return identifiers.flatMap((name) => {
    const rest = allow.reduce((text, pattern) => text.replace(pattern, " "), name);
    if (Object.hasOwn(names, rest)) return [{ retired: name, found: name }];
    const hits = wordsOf(rest).filter((word) => Object.hasOwn(words, word));
    return [...new Set(hits)].map((retired) => ({ retired, found: name }));
  });
}

function inTexts(texts, { phrases }) {
  return Object.keys(phrases).flatMap((retired) => {
    const pattern = new RegExp(`\\b(?:${retired})\\b`, "gi");
    return texts.flatMap((text) => {
      const line = text.replace(/\s+\*?\s*/g, " ");
      return Array.from(line.matchAll(pattern), ({ index }) => ({
        retired,
        found: line.slice(Math.max(0, index - 30), index + 40).trim(),
      }));
    });
  });
}

/**
 * The retired words of one file. An identifier counts once per file, a phrase each time it appears.
 *
 * @returns {{ retired: string, found: string }[]}
 */
export function findRetired(file, source, list) {
  if (file.endsWith(".md")) return inTexts([source], list);
  const { identifiers, texts } = partsOf(file, source);
  return [...inIdentifiers(identifiers, list), ...inTexts(texts, list)];
}
