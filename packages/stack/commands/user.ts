/**
 * `npm run user -- add EMAIL [--admin] [--name NAME] [--password-stdin]` creates an account of the built-in identity
 * provider. It prints the one-time link that sets the password to stdout, and mails it if Rushes runs. The other
 * commands are `list`, `password EMAIL`, `admin EMAIL on|off` and `remove EMAIL`. Rushes need not run.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CliError } from "@rushes/core/cli-error";
import { formatUtc } from "@rushes/core/format";
import { Account, type Accounts, openAccounts, unknownEmail } from "@rushes/identity/accounts";
import { hashPassword, weakness } from "@rushes/identity/password";
import type { Ending } from "../accounts/sessions.ts";
import { openData } from "../data.ts";
import { loadSettings, type Settings } from "../settings/index.ts";
import { parseCommand, ROOT, runCommand } from "./command.ts";

const USAGE = [
  "Usage:",
  "  npm run user -- add EMAIL [--admin] [--name NAME] [--password-stdin]",
  "  npm run user -- list",
  "  npm run user -- password EMAIL [--password-stdin]",
  "  npm run user -- admin EMAIL on|off",
  "  npm run user -- remove EMAIL",
];

function log(message: string): void {
  process.stderr.write(`${message}\n`);
}

interface Context {
  settings: Settings;
  accounts: Accounts;
  byStdin: boolean;
}

async function add(context: Context, email: string, given: { admin: boolean; name?: string }) {
  const { accounts } = context;
  const passwordHash = context.byStdin ? await hashOfStdin(email) : undefined;
  const code = await accounts.add({ email, ...given, ...(passwordHash && { passwordHash }) });
  log(`${email} has an account${given.admin ? ", as an admin" : ""}.`);
  if (code !== undefined) await printLink(context, email, code);
}

async function list({ accounts }: Context) {
  const all = [...(await accounts.list())].sort((a, b) => (a.email < b.email ? -1 : 1));
  for (const account of all) process.stdout.write(`${lineOf(account)}\n`);
  if (all.length === 0) log("There are no users. Create one with npm run user -- add EMAIL.");
}

function lineOf({ email, name, admin, passwordHash, invite }: Account): string {
  const open = invite && Date.parse(invite.expires) > Date.now();
  const state = passwordHash
    ? "has a password"
    : open
      ? `link until ${formatUtc(invite.expires)}`
      : "no password, and no valid link";
  return [email, admin ? "admin" : "member", state, ...(name === undefined ? [] : [name])].join(
    "  ",
  );
}

async function password(context: Context, email: string) {
  const { id } = await requireAccount(context, email);
  if (context.byStdin) {
    await context.accounts.setPassword(email, await hashOfStdin(email));
    log(`${email} has a new password.`);
    await end(context, id, "sessions");
    return;
  }
  const code = await context.accounts.reset(email);
  log(`The password of ${email} is no longer valid.`);
  await end(context, id, "sessions");
  await printLink(context, email, code);
}

async function admin(context: Context, email: string, on: boolean) {
  const { id } = await requireAccount(context, email);
  await context.accounts.setAdmin(email, on);
  log(on ? `${email} is an admin from the next sign-in on.` : `${email} is no longer an admin.`);
  // Otherwise the role would change at the next sign-in only.
  if (!on) await end(context, id, "admin");
}

async function remove(context: Context, email: string) {
  const { id } = await context.accounts.remove(email);
  log(`${email} no longer has an account, is signed out, and has no tokens. The videos stay.`);
  await end(context, id, "user");
}

async function requireAccount({ accounts }: Context, email: string): Promise<Account> {
  const account = await accounts.byEmail(email);
  if (account) return account;
  throw new CliError(unknownEmail(email));
}

async function end({ settings }: Context, id: string, what: Ending) {
  // Imported here, because it loads all of core.
  const { endAll } = await import("../accounts/sessions.ts");
  await endAll(settings, id, what);
}

/** Prints only the link to stdout, so that a script can send it, and the explanation to stderr. */
async function printLink({ settings }: Context, email: string, code: string) {
  const link = `${await originOf(settings)}/identity/welcome/${code}`;
  log("This link sets a password. It works once, within 24 hours. Send it to the user only:");
  process.stdout.write(`${link}\n`);
  // Imported here, because it loads the SES client.
  const { mailLink } = await import("../accounts/invitation.ts");
  if (await mailLink(settings, { email, link })) log(`It was also mailed to ${email}.`);
}

async function originOf({ public: open, ports }: Settings): Promise<string> {
  if (open) return open.url;
  // The URL is read only in public mode, which the operator may turn on next.
  const planned = await loadSettings(ROOT, {
    ...process.env,
    RUSHES_PUBLIC: "yes",
    RUSHES_SECRET: randomBytes(48).toString("base64"),
  }).catch(() => undefined);
  return planned?.public?.url ?? `http://127.0.0.1:${ports.web ?? 3000}`;
}

async function hashOfStdin(email: string): Promise<string> {
  const given = (await text(process.stdin)).replace(/\r?\n$/, "");
  const problem = weakness(given, email);
  if (problem !== undefined) throw new CliError(problem);
  return hashPassword(given);
}

async function open(byStdin: boolean): Promise<Context> {
  const settings = await loadSettings(ROOT);
  const { dataDir } = settings;
  // Initializes a new folder, and rejects one with other files.
  if (!existsSync(join(dataDir, "version"))) await (await openData(dataDir)).close();
  if (settings.public?.provider) {
    log(`Users sign in with ${settings.public.provider.issuer}. These accounts are not used.`);
  }
  return { settings, accounts: openAccounts(join(dataDir, "identity")), byStdin };
}

async function main(args: string[]): Promise<void> {
  const flag = { type: "boolean" } as const;
  const options = { admin: flag, "password-stdin": flag, name: { type: "string" } } as const;
  const { values, positionals } = parseCommand({ args, allowPositionals: true, options }, USAGE);
  const [verb, given, third, ...more] = positionals;
  const { admin: asAdmin = false, name, "password-stdin": byStdin = false } = values;
  const hasOptions = asAdmin || name !== undefined;
  if (more.length > 0 || (third !== undefined && verb !== "admin")) throw new CliError(USAGE);
  if (hasOptions && verb !== "add") throw new CliError(USAGE);
  if (verb === "list" && given === undefined) return list(await open(byStdin));
  if (given === undefined) throw new CliError(USAGE);
  const email = Account.shape.email.safeParse(given.trim());
  if (!email.success) throw new CliError(`"${given}" is not an email address.`);
  switch (verb) {
    case "add":
      return add(await open(byStdin), email.data, {
        admin: asAdmin,
        ...(name !== undefined && { name }),
      });
    case "password":
      return password(await open(byStdin), email.data);
    case "admin":
      if (third !== "on" && third !== "off") break;
      return admin(await open(byStdin), email.data, third === "on");
    case "remove":
      return remove(await open(byStdin), email.data);
  }
  throw new CliError(USAGE);
}

await runCommand(() => main(process.argv.slice(2)));
