/**
 * Who has an account here. The file is the truth: a command may change it while the provider runs, which
 * reads it again whenever it is another.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseChecksummed, stringifyChecksummed } from "@rushes/aws-local/disk/checksummed";
import { writeDurably } from "@rushes/aws-local/disk/durable";
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";
import { withLock } from "./lock.ts";

export const Account = z.object({
  /** The subject of its tokens: an address may change or come back to somebody else. */
  id: z.string().min(1),
  email: z.email(),
  name: z.string().optional(),
  admin: z.boolean(),
  passwordHash: z.string().optional(),
  /** Sign-ins from before are over. */
  passwordSet: z.iso.datetime().optional(),
  invite: z.object({ hash: z.string(), expires: z.iso.datetime() }).optional(),
  created: z.iso.datetime(),
});
export type Account = z.infer<typeof Account>;

const File = z.object({ version: z.literal(1), accounts: z.array(Account) });

const INVITE_MS = 24 * 3_600_000;
const MAX_KEPT = 100_000;

export type Accounts = ReturnType<typeof openAccounts>;

/** The accounts of `<data>/identity`; nothing is made before the first account is. */
export function openAccounts(dataDir: string, now: () => number = Date.now) {
  const path = join(dataDir, "accounts.json");
  let seen: { mark: string; accounts: Account[] } | undefined;

  async function list(): Promise<readonly Account[]> {
    const mark = await markOf(path);
    if (mark === undefined) return [];
    if (seen?.mark !== mark) seen = { mark, accounts: await read(path) };
    return seen.accounts;
  }

  /** Changes the file under the lock, out of what is in it at that moment. */
  async function change<R>(run: (accounts: Account[]) => R): Promise<R> {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return withLock(join(dataDir, "lock"), async () => {
      const accounts = (await markOf(path)) === undefined ? [] : await read(path);
      const result = run(accounts);
      if (accounts.length > MAX_KEPT) throw new CliError("There are too many accounts.");
      const file = File.parse({ version: 1, accounts });
      await writeDurably(path, stringifyChecksummed(file, 2), 0o600);
      return result;
    });
  }

  const one = (accounts: Account[], email: string): Account => {
    const found = accounts.find((account) => fold(account.email) === fold(email));
    if (found) return found;
    throw new CliError(`Nobody has the address ${email}; npm run user -- list shows who does.`);
  };

  const invitation = () => {
    const code = randomBytes(32).toString("base64url");
    const expires = new Date(now() + INVITE_MS).toISOString();
    return { code, invite: { hash: hashOf(code), expires } };
  };

  const setPassword = (account: Account, passwordHash: string) => {
    Object.assign(account, { passwordHash, passwordSet: new Date(now()).toISOString() });
    delete account.invite;
  };

  return {
    list,

    async byId(id: string): Promise<Account | undefined> {
      return (await list()).find((account) => account.id === id);
    },

    async byEmail(email: string): Promise<Account | undefined> {
      return (await list()).find((account) => fold(account.email) === fold(email));
    },

    /** Whose one-time link this is, as long as it opens something. */
    async byInvite(code: string): Promise<Account | undefined> {
      const hash = hashOf(code);
      return (await list()).find((account) => opens(account, hash, now()));
    },

    /** A new account; without a password, with the code of a link that sets one. */
    add(given: { email: string; name?: string; admin: boolean; passwordHash?: string }) {
      return change((accounts) => {
        if (accounts.some(({ email }) => fold(email) === fold(given.email))) {
          throw new CliError(
            `${given.email} has an account already; npm run user -- password ${given.email} makes another link.`,
          );
        }
        const { passwordHash, ...rest } = given;
        const created = new Date(now()).toISOString();
        const account: Account = { id: randomUUID(), ...rest, created };
        accounts.push(account);
        return passwordHash === undefined
          ? invite(account, invitation())
          : void setPassword(account, passwordHash);
      });
    },

    /** Ends the password, and gives the code of a link that sets another. */
    reset: (email: string) =>
      change((accounts) => {
        const account = one(accounts, email);
        delete account.passwordHash;
        account.passwordSet = new Date(now()).toISOString();
        return invite(account, invitation());
      }),

    setPassword: (email: string, passwordHash: string) =>
      change((accounts) => setPassword(one(accounts, email), passwordHash)),

    setAdmin: (email: string, admin: boolean) =>
      change((accounts) => {
        one(accounts, email).admin = admin;
      }),

    remove: (email: string) =>
      change((accounts) => {
        const account = one(accounts, email);
        accounts.splice(accounts.indexOf(account), 1);
        return account;
      }),

    /** Sets the password by a one-time link, which is over then; false if it was over before. */
    redeem(code: string, passwordHash: string): Promise<boolean> {
      const hash = hashOf(code);
      return change((accounts) => {
        const account = accounts.find((candidate) => opens(candidate, hash, now()));
        if (account) setPassword(account, passwordHash);
        return account !== undefined;
      });
    },
  };
}

/** Whether anybody could sign in: somebody has an account in `<data>/identity`. */
export async function hasAccount(dataDir: string): Promise<boolean> {
  return (await openAccounts(dataDir).list()).length > 0;
}

function invite(account: Account, { code, invite }: { code: string; invite: Account["invite"] }) {
  account.invite = invite;
  return code;
}

const opens = ({ invite }: Account, hash: string, now: number) =>
  invite !== undefined && invite.hash === hash && Date.parse(invite.expires) > now;

/** A code has 256 random bits, so that a fast hash keeps it as well as a slow one. */
const hashOf = (code: string) => createHash("sha256").update(code).digest("hex");

/** Addresses that people take for the same. */
export const fold = (email: string) => email.trim().normalize("NFC").toLowerCase();

async function markOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino}-${size}-${mtimeNs}`;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function read(path: string): Promise<Account[]> {
  try {
    return parseChecksummed(await readFile(path, "utf8"), File).content.accounts;
  } catch {
    throw new CliError(
      `${path} is damaged; restore it from a backup. If you changed it by hand, remove its field "checksum".`,
    );
  }
}
