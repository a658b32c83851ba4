/** The result of a run: text for people, JSON for programs, JUnit XML for CI. */
export interface Step {
  title: string;
  seconds: number;
  /** The error message, if it failed. */
  failure?: string;
}
export interface Report {
  url: string;
  started: string;
  passed: boolean;
  steps: Step[];
}

/** One line for a step, and one for its error. */
export function lineOf({ title, seconds, failure }: Step): string {
  const result = failure === undefined ? "done  " : "failed";
  const line = `  ${result}  ${title} (${seconds.toFixed(1)} s)`;
  return failure === undefined ? line : `${line}\n          ${failure}`;
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// XML allows no control characters, not even escaped.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]/g;
const xml = (text: string) =>
  text.replace(CONTROL, "").replace(/[&<>"]/g, (char) => ESCAPES[char] ?? "");

/** The report as JUnit XML, which CodeBuild reads. */
export function junit({ started, steps }: Report): string {
  const failed = steps.filter(({ failure }) => failure !== undefined).length;
  const cases = steps.map(({ title, seconds, failure }) => {
    const open = `<testcase classname="e2e" name="${xml(title)}" time="${seconds.toFixed(3)}"`;
    if (failure === undefined) return `  ${open}/>`;
    return `  ${open}><failure message="${xml(failure)}"/></testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="e2e" timestamp="${xml(started)}" tests="${steps.length}" failures="${failed}">`,
    ...cases,
    "</testsuite>\n",
  ].join("\n");
}
