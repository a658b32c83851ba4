/**
 * The file of the accounts. It is the only copy: a command may change it while the provider runs, and the provider
 * reads it again after every change.
 */
import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseChecksummed, stringifyChecksummed } from "@rushes/aws-local/disk/checksummed";
import { writeDurably } from "@rushes/aws-local/disk/durable";
import { unlessAbsent } from "@rushes/aws-local/disk/files";
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";
import { withLock } from "./lock.ts";

export const Account = z.object({
  /** The subject of its tokens. An email address may change or be given to another person. */
  id: z.string().min(1),
  email: z.email(),
  name: z.string().optional(),
  admin: z.boolean(),
  passwordHash: z.string().optional(),
  /** Earlier sign-ins are invalid. */
  passwordSet: z.iso.datetime().optional(),
  invite: z.object({ hash: z.string(), expires: z.iso.datetime() }).optional(),
  created: z.iso.datetime(),
});
export type Account = z.infer<typeof Account>;

const File = z.object({ version: z.literal(1), accounts: z.array(Account) });
const MAX_ACCOUNTS = 100_000;

export interface AccountFile {
  list(): Promise<readonly Account[]>;
  /** Changes the accounts, under a lock that all processes respect. */
  change<Result>(edit: (accounts: Account[]) => Result): Promise<Result>;
}

/** The accounts of `<data>/identity`. The first change creates the file. */
export function openAccountFile(dataDir: string): AccountFile {
  const path = join(dataDir, "accounts.json");
  let cached: { version: string; accounts: Account[] } | undefined;

  return {
    async list() {
      const version = await versionOf(path);
      if (version === undefined) return [];
      if (cached?.version !== version) cached = { version, accounts: await read(path) };
      return cached.accounts;
    },

    async change(edit) {
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      return withLock(join(dataDir, "lock"), async () => {
        const accounts = (await versionOf(path)) === undefined ? [] : await read(path);
        const result = edit(accounts);
        if (accounts.length > MAX_ACCOUNTS) throw new CliError("There are too many accounts.");
        const file = File.parse({ version: 1, accounts });
        await writeDurably(path, stringifyChecksummed(file, 2), 0o600);
        return result;
      });
    },
  };
}

/** Changes whenever the file does; undefined if there is no file. */
async function versionOf(path: string): Promise<string | undefined> {
  const file = await stat(path, { bigint: true }).catch(unlessAbsent);
  return file && `${file.ino}-${file.size}-${file.mtimeNs}`;
}

async function read(path: string): Promise<Account[]> {
  try {
    return parseChecksummed(await readFile(path, "utf8"), File).content.accounts;
  } catch {
    throw new CliError(
      `${path} is damaged. Restore it from a backup. If you edited it by hand, remove its field "checksum".`,
    );
  }
}
