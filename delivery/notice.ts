/**
 * `npm run ci:notice`: tells people how far a delivery came, in sentences, and prints the range of commits
 * that production does not have yet (`<commit of production>...<this commit>`).
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parseSettings } from "./settings.ts";

/** How far a delivery came. */
export interface Delivery {
  stage: "staging" | "production";
  version: string;
  commit: string;
  /** What production ran when this was asked; undefined when it said nothing. */
  before?: string;
  url: string;
  repository: string;
  branch: string;
  /** The pipeline's page in the console. */
  console: string;
  execution: string;
}

/** Where nobody knows what production runs, the branch stands for it. */
export const range = ({ before, branch, commit }: Delivery): string =>
  `${before ?? branch}...${commit}`;

/** Subject and text of the mail. SNS takes a hundred characters of ASCII for a subject. */
export function notice(delivery: Delivery): { subject: string; text: string } {
  const { stage, version, commit, url, repository, execution } = delivery;
  const what = `Rushes ${version} (${commit.slice(0, 7)})`;
  const page = `${delivery.console}/view`;
  if (stage === "staging") {
    return {
      subject: `${what} is on staging and waits for approval`.slice(0, 100),
      text: [
        `${what} runs on staging and has played a video there: ${url}`,
        `What production does not have yet: https://github.com/${repository}/compare/${range(delivery)}`,
        `Approve or refuse it here: ${page}`,
      ].join("\n\n"),
    };
  }
  return {
    subject: `${what} is in production`.slice(0, 100),
    text: [
      `${what} is in production: ${url}`,
      `The delivery and who approved it: ${delivery.console}/executions/${execution}/timeline`,
      `To go back to the version before: docs/pipeline.md, "Going back".`,
    ].join("\n\n"),
  };
}

/** The commit that production says it runs; nothing when it says none, as before the first delivery. */
async function productionCommit(settings: string): Promise<string | undefined> {
  const domain = parseSettings(settings).RUSHES_DOMAIN;
  if (!domain) return undefined;
  try {
    const answer = await fetch(`https://${domain}/api/health`, {
      signal: AbortSignal.timeout(10_000),
    });
    const health: unknown = await answer.json();
    const commit = typeof health === "object" && health !== null && Reflect.get(health, "commit");
    return typeof commit === "string" && /^[0-9a-f]{7,40}$/.test(commit) ? commit : undefined;
  } catch {
    return undefined;
  }
}

function told(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The pipeline has not said ${name}.`);
  return value;
}

if (import.meta.main) {
  const before = await productionCommit(told("PRODUCTION_SETTINGS"));
  const delivery: Delivery = {
    stage: told("DELIVERY_STAGE") === "production" ? "production" : "staging",
    version: told("RUSHES_VERSION"),
    commit: told("RUSHES_COMMIT"),
    url: told("DELIVERY_URL"),
    repository: told("DELIVERY_REPOSITORY"),
    branch: told("DELIVERY_BRANCH"),
    console: told("DELIVERY_CONSOLE"),
    execution: told("DELIVERY_EXECUTION"),
    ...(before && { before }),
  };
  const { subject, text } = notice(delivery);
  await promisify(execFile)("aws", [
    ...["sns", "publish", "--topic-arn", told("NOTICES_TOPIC")],
    ...["--subject", subject, "--message", text],
  ]);
  process.stdout.write(`${range(delivery)}\n`);
}
