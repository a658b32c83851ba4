/** What happened, for people, for programs, and for whoever reads JUnit's XML. */
export interface Step {
  title: string;
  seconds: number;
  /** Why it failed. */
  failure?: string;
}
export interface Report {
  url: string;
  started: string;
  passed: boolean;
  steps: Step[];
}

/** One line a step. */
export const lineOf = ({ title, seconds, failure }: Step): string =>
  `  ${failure === undefined ? "done  " : "failed"}  ${title} (${seconds.toFixed(1)} s)${failure === undefined ? "" : `\n          ${failure}`}`;

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const xml = (text: string) =>
  // XML takes no control characters, however they are written.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "").replace(/[&<>"]/g, (one) => ESCAPES[one] ?? "");

/** The report as CodeBuild and others take it. */
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
