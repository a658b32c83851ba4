/**
 * `npm run -s s3` prints the endpoint and the access key of a running stack's S3 as shell commands, for
 * `eval "$(npm run -s s3)"`. The key grants full access to both buckets.
 */
import { CliError } from "@rushes/core/cli-error";
import { wiring } from "@rushes/core/wiring";
import { readRun } from "../run.ts";
import { loadSettings } from "../settings/index.ts";
import { ROOT, runCommand } from "./command.ts";

/** Safe between a shell's single quotes, whatever is in it. */
const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;

async function main(): Promise<string> {
  const { env } = await readRun((await loadSettings(ROOT)).dataDir);
  const value = (name: string): string => {
    const found = env[name];
    if (found === undefined) throw new Error(`run.json has no ${name}.`);
    return quoted(found);
  };
  const buckets = wiring.buckets.map(({ name }) => name).join(" and ");
  return [
    `# Buckets: ${buckets}. Each object in rushes-uploads becomes a job.`,
    `export AWS_ENDPOINT_URL_S3=${value("AWS_ENDPOINT_URL_S3")}`,
    `export AWS_ACCESS_KEY_ID=${value("AWS_ACCESS_KEY_ID")}`,
    `export AWS_SECRET_ACCESS_KEY=${value("AWS_SECRET_ACCESS_KEY")}`,
    `export AWS_REGION=${value("AWS_REGION")}`,
    `export AWS_DEFAULT_REGION=${value("AWS_REGION")}`,
  ].join("\n");
}

await runCommand(async () => {
  if (process.argv.length > 2) {
    throw new CliError('npm run s3 takes no arguments. Usage: eval "$(npm run -s s3)"');
  }
  process.stdout.write(`${await main()}\n`);
});
