/**
 * `npm run token -- add NAME --scopes upload,read [--expires 90] [--owner EMAIL]` creates an API token and prints only
 * its secret to stdout, so that a script can store it (with `npm run --silent`).
 * `npm run token -- list [--owner EMAIL]` lists the tokens, and `npm run token -- revoke ID` revokes one.
 */
import type { Owner } from "@rushes/core/actor";
import { CliError } from "@rushes/core/cli-error";
import { formatUtc } from "@rushes/core/format";
import type { Info } from "@rushes/core/token/schema";
import { connectUsers } from "../accounts/users.ts";
import { readRun } from "../run.ts";
import { loadSettings } from "../settings/index.ts";
import { parseCommand, ROOT, runCommand } from "./command.ts";

const USAGE = [
  "Usage:",
  "  npm run token -- add NAME --scopes upload,read,manage,share,keys [--expires DAYS] [--owner EMAIL]",
  "  npm run token -- list [--owner EMAIL]",
  "  npm run token -- revoke ID",
];
const USUAL_DAYS = "90";

function log(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Imports core with the environment of the running stack, because core creates its clients at import. */
async function connect() {
  Object.assign(process.env, (await readRun((await loadSettings(ROOT)).dataDir)).env);
  const { local, isOpen, asOwner: as, listUsers } = await connectUsers();
  const [{ TokenId: id }, Token] = await Promise.all([
    import("@rushes/core/id"),
    import("@rushes/core/token/index"),
  ]);

  /** All users who can have tokens. Several may share one email address. */
  async function owners(email?: string): Promise<Owner[]> {
    const users = (await listUsers()).map((user): Owner => {
      return { ...local, ownerId: user.id, email: user.email, role: user.role };
    });
    const all = isOpen ? [local, ...users] : users;
    if (email === undefined) return all;
    const found = all.filter((one) => one.email.toLowerCase() === email.toLowerCase());
    if (found.length > 0) return found;
    throw new CliError(`No user with the address ${email} has signed in yet.`);
  }

  return { owners, Token, id, isOpen, local, as };
}
type Core = Awaited<ReturnType<typeof connect>>;

/** The owner of a new token. */
async function ownerOf({ owners, isOpen, local }: Core, email?: string): Promise<Owner> {
  if (email === undefined && isOpen) return local;
  if (email === undefined) throw new CliError("Name the owner with --owner EMAIL.");
  const [owner, second] = await owners(email);
  if (owner && !second) return owner;
  const message = `Several users have the address ${email}. Create the token on the settings page.`;
  throw new CliError(message);
}

async function add(
  core: Core,
  name: string,
  given: { scopes: string; days: string; owner?: string },
) {
  const input = core.Token.New.safeParse({
    name,
    scopes: given.scopes.split(",").map((scope) => scope.trim()),
    expiresInDays: Number(given.days),
  });
  if (!input.success) {
    const wrong = input.error.issues.map(
      ({ path, message }) => `${path.map(String).join(".")}: ${message}`,
    );
    throw new CliError([...wrong, ...USAGE]);
  }
  const owner = await ownerOf(core, given.owner);
  const { token, secret } = await core.as(owner, () => core.Token.create(input.data));
  log(`The token ${token.id} of ${owner.email} expires at ${formatUtc(token.time.expires)}.`);
  log("Copy its secret now. It is shown only once:");
  process.stdout.write(`${secret}\n`);
}

const line = (owner: Owner, { id, name, start, scopes, time }: Info) =>
  [
    id,
    `${start}…`,
    owner.email,
    scopes.join(","),
    `expires ${formatUtc(time.expires)}`,
    time.used === undefined ? "never used" : `used ${formatUtc(time.used)}`,
    name,
  ].join("  ");

async function list(core: Core, email?: string) {
  let count = 0;
  for (const owner of await core.owners(email)) {
    for (const token of await core.as(owner, () => core.Token.list())) {
      process.stdout.write(`${line(owner, token)}\n`);
      count += 1;
    }
  }
  if (count === 0) log("There are no tokens.");
}

async function revoke(core: Core, given: string) {
  const id = core.id.safeParse(given);
  // Searches all owners, because someone who finds a leaked token rarely knows its owner.
  for (const owner of id.success ? await core.owners() : []) {
    const tokens = await core.as(owner, () => core.Token.list());
    const token = tokens.find((one) => one.id === id.data);
    if (!token) continue;
    await core.as(owner, () => core.Token.remove(token.id));
    return log(`The token ${token.id} of ${owner.email} is revoked.`);
  }
  throw new CliError(`There is no token ${given}. List the tokens with npm run token -- list.`);
}

async function main(args: string[]): Promise<void> {
  const text = { type: "string" } as const;
  const options = { scopes: text, expires: text, owner: text };
  const { values, positionals } = parseCommand({ args, allowPositionals: true, options }, USAGE);
  const [verb, of, ...more] = positionals;
  const { scopes, owner, expires = USUAL_DAYS } = values;
  if (more.length > 0) throw new CliError(USAGE);
  if (verb === "add" && of !== undefined && scopes !== undefined) {
    return add(await connect(), of, { scopes, days: expires, owner });
  }
  if (verb === "list" && of === undefined) return list(await connect(), owner);
  if (verb === "revoke" && of !== undefined) return revoke(await connect(), of);
  throw new CliError(USAGE);
}

await runCommand(() => main(process.argv.slice(2)));
