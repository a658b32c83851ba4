import { describe, expect, test } from "vitest";
import { findRetired, wordsOf } from "./find.mjs";

const list = {
  words: { home: "stack", letter: "message" },
  names: { own: "requireOwned" },
  phrases: { "the home(?! page)": "the local stack", whoever: "anyone who" },
  allowed: {
    "^HOME$": "an environment variable",
    "[dD]ead[lL]etters?|DEAD_LETTERS?": "the term of SQS",
  },
};
const retiredIn = (source, file = "a.ts") =>
  findRetired(file, source, list).map(({ retired, found }) => `${retired}: ${found}`);

test("splits identifiers into words", () => {
  expect(wordsOf("openHTMLPage_OF")).toEqual(["open", "html", "page", "of"]);
});

describe("identifiers", () => {
  test.each([
    ["homeOf", "const homeOf = 1;"],
    ["HOME_URL", "export const HOME_URL = 1;"],
    ["startHome", "import { startHome } from './x.ts';"],
    ["Home", "type Home = string;"],
    ["home", "const { home } = x as { home: string };"],
  ])("finds a retired word in %s", (name, source) => {
    expect(retiredIn(source)).toEqual([`home: ${name}`]);
  });

  test("finds a whole name, but not inside a longer one", () => {
    expect(retiredIn("own(1); Object.hasOwn({}, 'a')")).toEqual(["own: own"]);
  });

  test("counts an identifier once in a file", () => {
    expect(retiredIn("const home = 1; use(home, home);")).toHaveLength(1);
  });

  test.each([
    "import { homedir } from 'node:os'; homedir();",
    "process.env.HOME;",
    "const deadLetters = 1, DEAD_LETTER = 2;",
    "const metropolis = 1;",
  ])("accepts %s", (source) => {
    expect(retiredIn(source)).toEqual([]);
  });
});

describe("texts", () => {
  test("finds a retired phrase in a string, a template, JSX and a comment", () => {
    expect(retiredIn("f('Whoever has it')")).toHaveLength(1);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source that is checked holds the template
    expect(retiredIn("f(`whoever has ${it} opens it`)")).toHaveLength(1);
    expect(retiredIn("const a = <p>Whoever has it</p>;", "a.tsx")).toHaveLength(1);
    expect(retiredIn("/**\n * Stops the\n * home.\n */")).toHaveLength(1);
    expect(retiredIn("Whoever has it", "a.md")).toHaveLength(1);
  });

  test("accepts the home page and paths", () => {
    expect(retiredIn("f('/home/me', 'go to home', 'the home page'); // a home page")).toEqual([]);
  });
});
