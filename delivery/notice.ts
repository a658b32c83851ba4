/**
 * `npm run ci:notice`: notifies people about a delivery, and prints the range of commits that production does not have
 * yet (`<commit of production>...<this commit>`).
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parseSettings } from "./settings.ts";

export interface Delivery {
  stage: "staging" | "production";
  version: string;
  commit: string;
  /** The commit that production runs. Undefined if it is unknown. */
  before?: string;
  url: string;
  repository: string;
  branch: string;
  /** The pipeline's page in the console. */
  console: string;
  execution: string;
}

/** If production's commit is unknown, the range starts at the branch. */
export const range = ({ before, branch, commit }: Delivery): string =>
  `${before ?? branch}...${commit}`;

/** Subject and text of the mail. SNS allows 100 ASCII characters in a subject. */
export function notice(delivery: Delivery): { subject: string; text: string } {
  const { stage, version, commit, url, repository, execution } = delivery;
  const release = `Rushes ${version} (${commit.slice(0, 7)})`;
  const page = `${delivery.console}/view`;
  if (stage === "staging") {
    return {
      subject: `${release} is on staging and waits for approval`.slice(0, 100),
      text: [
        `${release} runs on staging and has played a video there: ${url}`,
        `What production does not have yet: https://github.com/${repository}/compare/${range(delivery)}`,
        `Approve or reject it here: ${page}`,
      ].join("\n\n"),
    };
  }
  return {
    subject: `${release} is in production`.slice(0, 100),
    text: [
      `${release} is in production: ${url}`,
      `The delivery and who approved it: ${delivery.console}/executions/${execution}/timeline`,
      `To go back to the version before: docs/pipeline.md, "Going back".`,
    ].join("\n\n"),
  };
}

/** The commit that production reports. Undefined if it reports none, as before the first delivery. */
async function productionCommit(settings: string): Promise<string | undefined> {
  const domain = parseSettings(settings).RUSHES_DOMAIN;
  if (!domain) return undefined;
  try {
    const response = await fetch(`https://${domain}/api/health`, {
      signal: AbortSignal.timeout(10_000),
    });
    const health: unknown = await response.json();
    const commit = typeof health === "object" && health !== null && Reflect.get(health, "commit");
    return typeof commit === "string" && /^[0-9a-f]{7,40}$/.test(commit) ? commit : undefined;
  } catch {
    return undefined;
  }
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The pipeline has not set ${name}.`);
  return value;
}

if (import.meta.main) {
  const before = await productionCommit(variable("PRODUCTION_SETTINGS"));
  const delivery: Delivery = {
    stage: variable("DELIVERY_STAGE") === "production" ? "production" : "staging",
    version: variable("RUSHES_VERSION"),
    commit: variable("RUSHES_COMMIT"),
    url: variable("DELIVERY_URL"),
    repository: variable("DELIVERY_REPOSITORY"),
    branch: variable("DELIVERY_BRANCH"),
    console: variable("DELIVERY_CONSOLE"),
    execution: variable("DELIVERY_EXECUTION"),
    before,
  };
  const { subject, text } = notice(delivery);
  const topic = variable("NOTICES_TOPIC");
  const args = ["sns", "publish", "--topic-arn", topic, "--subject", subject, "--message", text];
  await promisify(execFile)("aws", args);
  process.stdout.write(`${range(delivery)}\n`);
}
