/**
 * `npm run -s s3` prints the endpoint and an access key of a running stack's S3 as shell commands, for
 * `eval "$(npm run -s s3)"`. With the key, tools list the uploads bucket and put footage of the local user into it. The
 * first call creates the key. `rushes key` and the settings page create others.
 */
import { CliError } from "@rushes/core/cli-error";
import { connectUsers } from "../accounts/users.ts";
import { readRun } from "../run.ts";
import { loadSettings } from "../settings/index.ts";
import { ROOT, runCommand } from "./command.ts";

const NAME = "npm run s3";

/** Safe between a shell's single quotes, whatever is in it. */
const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;

async function main(): Promise<string> {
  // Core creates its clients at import.
  Object.assign(process.env, (await readRun((await loadSettings(ROOT)).dataDir)).env);
  const { id, secret, endpoint, bucket } = await localKey();
  return [
    `# Bucket: ${bucket}. Each object in it becomes a job of the local user.`,
    "# Make keys of other users on the settings page or with npx rushes key.",
    `export AWS_ENDPOINT_URL_S3=${quoted(endpoint)}`,
    `export AWS_ACCESS_KEY_ID=${quoted(id)}`,
    `export AWS_SECRET_ACCESS_KEY=${quoted(secret)}`,
    "export AWS_REGION='us-east-1'",
    "export AWS_DEFAULT_REGION='us-east-1'",
  ].join("\n");
}

/** The local user's key of this command. */
async function localKey() {
  const [{ local, asOwner }, AccessKey, { secretOf }, { resource }] = await Promise.all([
    connectUsers(),
    import("@rushes/core/access-key/index"),
    import("@rushes/core/access-key/secret"),
    import("@rushes/core/resource"),
  ]);
  const keys = await asOwner(local, () => AccessKey.list());
  const found = keys.find(({ name, ownerId }) => name === NAME && ownerId === local.ownerId);
  const { id } = found ?? (await asOwner(local, () => AccessKey.create({ name: NAME }))).key;
  const { Settings, Uploads } = resource();
  return { id, secret: secretOf(id), endpoint: Settings.toolsUrl ?? "", bucket: Uploads.name };
}

await runCommand(async () => {
  if (process.argv.length > 2) {
    throw new CliError('npm run s3 takes no arguments. Usage: eval "$(npm run -s s3)"');
  }
  process.stdout.write(`${await main()}\n`);
});
