/**
 * The data folder. Its version lets a later Rushes upgrade it, and its lock admits one process at a time.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { access, constants, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "@rushes/aws-local/disk/durable";
import { unlessAbsent } from "@rushes/aws-local/disk/files";
import { loadKeyFile, saveKeyFile } from "@rushes/aws-local/disk/key-file";
import { acquireLock, type Lock } from "@rushes/aws-local/level/lock";
import type { Credentials } from "@rushes/aws-local/wire/signature";
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";

/** The version that this code reads and writes. 2: rows of databases have checksums. 3: see `separateSecret`. */
export const DATA_VERSION = 3;

/**
 * The steps that upgrade a folder from version n to n + 1, by n. A step must be safe to run twice, because a power
 * failure can happen before the new version is written.
 */
export type Migrations = Record<number, (dataDir: string) => Promise<void>>;
const MIGRATIONS: Migrations = {
  // Opening a database adds the checksums to its rows.
  1: async () => {},
  2: separateSecret,
};

export interface DataFolder {
  path: string;
  /** The access key that the parts of the stack use for its services. It is unique to the folder. */
  credentials: Credentials;
  /** The secret of the app, which seals sessions and share links. In public mode a setting replaces it. */
  secret: string;
  /** What was repaired, a sentence each. Usually empty. */
  damage: string[];
  /** Releases the lock. The lock of a killed process is released automatically. */
  close(): Promise<void>;
}

interface OpenOptions {
  version?: number;
  migrations?: Migrations;
  /** For `npm run reset`, which empties a folder of any version. */
  anyVersion?: boolean;
  /** How long to wait for the previous process, which may be stopping. */
  timeoutMs?: number;
}

/**
 * Opens the data folder. Creates it if it is missing, and upgrades it if it is older.
 *
 * @throws CliError if another process uses it, if it cannot be written, if it has other files, if it is of a later
 *   version, or if its key file is damaged
 */
export async function openData(path: string, options: OpenOptions = {}): Promise<DataFolder> {
  const { version = DATA_VERSION, migrations = MIGRATIONS, timeoutMs = 2000 } = options;
  const lock = await lockFolder(path, options.anyVersion, timeoutMs);
  try {
    const found = await versionOf(path, options.anyVersion);
    const lacksSecrets = found !== undefined && !existsSync(secretsFile(path));
    if (found === undefined) await writeVersion(path, version);
    else if (!options.anyVersion) await migrate(path, found, version, migrations);
    const { appSecret: secret, ...credentials } = options.anyVersion
      ? newSecrets()
      : await secretsOf(path);
    const damage = lacksSecrets && !options.anyVersion ? [newSecretsMessage(path)] : [];
    return { path, credentials, secret, damage, close: () => lock.close() };
  } catch (error) {
    await lock.close();
    throw error;
  }
}

/** Creates and locks the folder. Changes nothing in a folder that is not a data folder. */
async function lockFolder(
  path: string,
  any: boolean | undefined,
  timeoutMs: number,
): Promise<Lock> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await versionOf(path, any);
    await access(path, constants.W_OK | constants.X_OK);
    const lock = await acquireLock(join(path, "lock"), timeoutMs);
    if (lock) return lock;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(unusableMessage(path, error));
  }
  throw new CliError(
    `Another Rushes is running on ${path}. Stop it, or set RUSHES_DATA_DIR to another folder.`,
  );
}

const ADVICE = "or set RUSHES_DATA_DIR to another folder";

/** Why the folder cannot be used, and what to do. */
function unusableMessage(path: string, error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case "EACCES":
    case "EPERM":
      return `The data folder ${path} is not writable by this user. Change its owner or mode with chown or chmod, ${ADVICE}.`;
    case "EROFS":
      return `The data folder ${path} is on a read-only file system. Mount it for writing, ${ADVICE}.`;
    case "ENOTDIR":
    case "EEXIST":
      return `RUSHES_DATA_DIR is ${path}, which is not a folder. Remove that file, ${ADVICE}.`;
    case "ENOSPC":
    case "EDQUOT":
      return `The disk of ${path} is full. Free some space, ${ADVICE}.`;
    default:
      return `The data folder ${path} cannot be used (${code ?? String(error)}). Check its disk and its permissions, ${ADVICE}.`;
  }
}

/** The system's code of an error, or of what caused it. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  // LevelDB reports the system's message without its code.
  if (/Permission denied/.test(text)) return "EACCES";
  if (/Read-only file system/.test(text)) return "EROFS";
  if (/No space left/.test(text)) return "ENOSPC";
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Undefined for a new folder. */
async function versionOf(path: string, any = false): Promise<number | undefined> {
  const text = await readFile(join(path, "version"), "utf8").catch(unlessAbsent);
  if (text === undefined) {
    // The folder may be someone's own, set by mistake. It must not be filled.
    const others = (await readdir(path)).filter((name) => name !== "lock" && !name.startsWith("."));
    if (others.length === 0) return undefined;
    if (others.includes("s3") && others.includes("dynamo"))
      throw damagedVersion(path, "is missing");
    throw new CliError(
      `RUSHES_DATA_DIR is "${path}", which contains other files. Set it to an empty folder.`,
    );
  }
  if (!any && !/^\d+\s*$/.test(text)) throw damagedVersion(path, "is damaged");
  return Number(text);
}

const damagedVersion = (path: string, what: string) =>
  new CliError(
    `The file "version" in ${path} ${what}. If this version of Rushes used the folder last, write ${DATA_VERSION} into that file. Your videos are not affected.`,
  );

const writeVersion = (path: string, version: number) =>
  writeDurably(join(path, "version"), `${version}\n`, 0o644);

async function migrate(path: string, found: number, wanted: number, migrations: Migrations) {
  if (found > wanted) {
    throw new CliError(
      `The data in ${path} has version ${found}, and this Rushes reads up to version ${wanted}. Update Rushes, or set RUSHES_DATA_DIR to another folder.`,
    );
  }
  for (let version = found; version < wanted; version += 1) {
    const step = migrations[version];
    if (!step) {
      throw new CliError(
        `The data in ${path} has version ${version}, which this Rushes can no longer read. Use an older Rushes, or delete the data with npm run reset.`,
      );
    }
    await step(path);
    await writeVersion(path, version + 1);
  }
}

const Pair = z.object({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) });
const Secrets = Pair.extend({ appSecret: z.string().min(1) });
type Secrets = z.infer<typeof Secrets>;

const newPair = (): Credentials => ({
  accessKeyId: `RUSHES${randomBytes(7).toString("hex").toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString("base64url"),
});

const newSecrets = (): Secrets => ({
  ...newPair(),
  appSecret: randomBytes(30).toString("base64url"),
});

const secretsFile = (path: string) => join(path, "secrets.json");
const LOSS = "sessions, share links and access keys become invalid; videos stay";

const newSecretsMessage = (path: string) =>
  `The key file ${secretsFile(path)} was missing, and Rushes made a new one: ${LOSS}. If you have a backup of the file, stop Rushes and restore it.`;

/** Keys of sessions and share links are derived from it, so a damaged file is not replaced automatically. */
const secretsOf = (path: string): Promise<Secrets> =>
  loadKeyFile(secretsFile(path), Secrets, { create: async () => newSecrets(), loss: LOSS });

/**
 * Up to version 2, the secret of the services' access key was also the app's secret. The app keeps it, so that sessions
 * and share links stay valid. The services get a new key, because people may have stored the earlier one in scripts.
 */
async function separateSecret(path: string): Promise<void> {
  const Earlier = Pair.extend({ appSecret: z.string().optional() });
  const create = async () => newSecrets();
  const earlier = await loadKeyFile(secretsFile(path), Earlier, { create, loss: LOSS });
  if (earlier.appSecret !== undefined) return;
  await saveKeyFile(secretsFile(path), { ...newPair(), appSecret: earlier.secretAccessKey });
}
