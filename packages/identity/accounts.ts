/** The accounts of the built-in identity provider: who can sign in, and the links that set passwords. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { CliError } from "@rushes/core/cli-error";
import { type Account, openAccountFile } from "./account-file.ts";

export { Account } from "./account-file.ts";

const INVITE_MS = 24 * 3_600_000;

export interface NewAccount {
  email: string;
  name?: string;
  admin: boolean;
  passwordHash?: string;
}

export type Accounts = ReturnType<typeof openAccounts>;

/** The accounts of `<data>/identity`. */
export function openAccounts(dataDir: string, now: () => number = Date.now) {
  const { list, change } = openAccountFile(dataDir);

  /** Changes one account. */
  const edit = <Result>(email: string, run: (account: Account) => Result) =>
    change((accounts) => run(required(accounts, email)));

  return {
    list,

    async byId(id: string): Promise<Account | undefined> {
      return (await list()).find((account) => account.id === id);
    },

    async byEmail(email: string): Promise<Account | undefined> {
      return withEmail(await list(), email);
    },

    /** The account of a one-time link that is still valid. */
    async byInvite(code: string): Promise<Account | undefined> {
      return withInvite(await list(), code, now());
    },

    /** Creates an account. Without a password, returns the code of a link that sets one. */
    add: (given: NewAccount) => change((accounts) => create(accounts, given, now())),

    /** Invalidates the password, and returns the code of a link that sets another. */
    reset: (email: string) =>
      edit(email, (account) => {
        delete account.passwordHash;
        account.passwordSet = new Date(now()).toISOString();
        return invite(account, now());
      }),

    setPassword: (email: string, passwordHash: string) =>
      edit(email, (account) => setPassword(account, passwordHash, now())),

    setAdmin: (email: string, admin: boolean) =>
      edit(email, (account) => {
        account.admin = admin;
      }),

    remove: (email: string) =>
      change((accounts) => {
        const account = required(accounts, email);
        accounts.splice(accounts.indexOf(account), 1);
        return account;
      }),

    /** Sets the password with a one-time link, which then expires. Returns false if it had expired before. */
    redeem: (code: string, passwordHash: string): Promise<boolean> =>
      change((accounts) => {
        const account = withInvite(accounts, code, now());
        if (account) setPassword(account, passwordHash, now());
        return account !== undefined;
      }),
  };
}

/** Whether anyone could sign in, because an account exists in `<data>/identity`. */
export async function hasAccount(dataDir: string): Promise<boolean> {
  return (await openAccounts(dataDir).list()).length > 0;
}

function create(
  accounts: Account[],
  { passwordHash, ...given }: NewAccount,
  now: number,
): string | undefined {
  if (withEmail(accounts, given.email)) {
    throw new CliError(
      `${given.email} already has an account. Create another link with npm run user -- password ${given.email}.`,
    );
  }
  const account: Account = { id: randomUUID(), ...given, created: new Date(now).toISOString() };
  accounts.push(account);
  if (passwordHash === undefined) return invite(account, now);
  setPassword(account, passwordHash, now);
  return undefined;
}

function setPassword(account: Account, passwordHash: string, now: number): void {
  account.passwordHash = passwordHash;
  account.passwordSet = new Date(now).toISOString();
  delete account.invite;
}

/** Replaces the account's one-time link, and returns the new code. */
function invite(account: Account, now: number): string {
  const code = randomBytes(32).toString("base64url");
  account.invite = { hash: hashOf(code), expires: new Date(now + INVITE_MS).toISOString() };
  return code;
}

function required(accounts: readonly Account[], email: string): Account {
  const account = withEmail(accounts, email);
  if (account) return account;
  throw new CliError(unknownEmail(email));
}

export const unknownEmail = (email: string) =>
  `No account has the address ${email}. List the accounts with npm run user -- list.`;

const withEmail = (accounts: readonly Account[], email: string) =>
  accounts.find((account) => normalizeEmail(account.email) === normalizeEmail(email));

function withInvite(accounts: readonly Account[], code: string, now: number) {
  const hash = hashOf(code);
  return accounts.find((account) => {
    const { invite: link } = account;
    return link !== undefined && link.hash === hash && Date.parse(link.expires) > now;
  });
}

/** A fast hash is enough, because a code has 256 random bits. */
const hashOf = (code: string) => createHash("sha256").update(code).digest("hex");

/** Equal for addresses that people take for the same. */
export const normalizeEmail = (email: string) => email.trim().normalize("NFC").toLowerCase();
