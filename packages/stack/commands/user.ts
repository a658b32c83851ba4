/**
 * `npm run user -- add EMAIL [--admin] [--name NAME] [--password-stdin]` makes an account of the provider
 * that Rushes brings, prints the one-time link that sets its password alone on stdout, and mails it where
 * Rushes runs; `list`, `password EMAIL`, `admin EMAIL on|off` and `remove EMAIL` do what they say. It needs
 * nothing to run.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CliError } from "@rushes/core/cli-error";
import { Account, type Accounts, openAccounts } from "@rushes/identity/accounts";
import { hashPassword, weakness } from "@rushes/identity/password";
import type { Ending } from "../accounts/sessions.ts";
import { openData } from "../data.ts";
import { loadSettings, type Settings } from "../settings/index.ts";
import { parseCommand, ROOT, runCommand } from "./command.ts";

const USAGE = [
  "Say what to do:",
  "  npm run user -- add EMAIL [--admin] [--name NAME] [--password-stdin]",
  "  npm run user -- list",
  "  npm run user -- password EMAIL [--password-stdin]",
  "  npm run user -- admin EMAIL on|off",
  "  npm run user -- remove EMAIL",
];

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

interface Home {
  settings: Settings;
  accounts: Accounts;
  byStdin: boolean;
}

async function add(home: Home, email: string, given: { admin: boolean; name?: string }) {
  const { accounts } = home;
  const passwordHash = home.byStdin ? await hashOfStdin(email) : undefined;
  const code = await accounts.add({ email, ...given, ...(passwordHash && { passwordHash }) });
  say(`${email} has an account${given.admin ? ", as an admin" : ""}.`);
  if (code !== undefined) await tell(home, email, code);
}

async function list({ accounts }: Home) {
  const all = [...(await accounts.list())].sort((a, b) => (a.email < b.email ? -1 : 1));
  for (const account of all) process.stdout.write(`${lineOf(account)}\n`);
  if (all.length === 0) say("There is no user yet; npm run user -- add EMAIL makes one.");
}

function lineOf({ email, name, admin, passwordHash, invite }: Account): string {
  const open = invite && Date.parse(invite.expires) > Date.now();
  const state = passwordHash
    ? "has a password"
    : open
      ? `link until ${invite.expires.slice(0, 16)}Z`
      : "no password, and no link that works";
  return [email, admin ? "admin" : "member", state, ...(name === undefined ? [] : [name])].join(
    "  ",
  );
}

async function password(home: Home, email: string) {
  const { id } = await known(home, email);
  if (home.byStdin) {
    await home.accounts.setPassword(email, await hashOfStdin(email));
    say(`${email} has a new password.`);
    await end(home, id, "sessions");
    return;
  }
  const code = await home.accounts.reset(email);
  say(`The password of ${email} is over.`);
  await end(home, id, "sessions");
  await tell(home, email, code);
}

async function admin(home: Home, email: string, on: boolean) {
  const { id } = await known(home, email);
  await home.accounts.setAdmin(email, on);
  say(`${email} is ${on ? "an admin" : "no admin"} from the next sign-in.`);
  // What a session may do was settled when it began.
  if (!on) await end(home, id, "sessions");
}

async function remove(home: Home, email: string) {
  const { id } = await home.accounts.remove(email);
  say(`${email} has no account any more, is signed out, and has no tokens; the videos stay.`);
  await end(home, id, "user");
}

async function known({ accounts }: Home, email: string): Promise<Account> {
  const account = await accounts.byEmail(email);
  if (account) return account;
  const advice = "npm run user -- list shows who does.";
  throw new CliError(`Nobody has the address ${email}; ${advice}`);
}

async function end({ settings }: Home, id: string, what: Ending) {
  // Only here: it brings the whole core.
  const { endAll } = await import("../accounts/sessions.ts");
  await endAll(settings, id, what);
}

/** The link alone on stdout, so that a script can send it; what it is, on stderr. */
async function tell({ settings }: Home, email: string, code: string) {
  const link = `${await originOf(settings)}/identity/welcome/${code}`;
  say("This link sets a password, once, within 24 hours. Give it to nobody else:");
  process.stdout.write(`${link}\n`);
  // Only here: it brings the mail's client.
  const { mailLink } = await import("../accounts/invitation.ts");
  if (await mailLink(settings, { email, link })) say(`It is in the mail to ${email}, too.`);
}

async function originOf({ public: open, ports }: Settings): Promise<string> {
  if (open) return open.url;
  // Read only in a home that is public, as this one may be about to become.
  const becoming = await loadSettings(ROOT, {
    ...process.env,
    RUSHES_PUBLIC: "yes",
    RUSHES_SECRET: randomBytes(48).toString("base64"),
  }).catch(() => undefined);
  return becoming?.public?.url ?? `http://127.0.0.1:${ports.web ?? 3000}`;
}

async function hashOfStdin(email: string): Promise<string> {
  const given = (await text(process.stdin)).replace(/\r?\n$/, "");
  const problem = weakness(given, email);
  if (problem !== undefined) throw new CliError(problem);
  return hashPassword(given);
}

async function open(byStdin: boolean): Promise<Home> {
  const settings = await loadSettings(ROOT);
  const { dataDir } = settings;
  // A folder with anything but ours in it is refused, and a new one becomes ours before it is used.
  if (!existsSync(join(dataDir, "version"))) await (await openData(dataDir)).close();
  if (settings.public?.provider) {
    say(`People sign in with ${settings.public.provider.issuer}; these accounts are not asked.`);
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
  if (!email.success) throw new CliError(`"${given}" is no mail address.`);
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
