/**
 * The folder in which everything is kept. It has a version, so that a later Rushes can bring it up to
 * date, and one user at a time.
 */
import { randomBytes } from "node:crypto";
import { access, constants, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "@rushes/aws-local/disk/durable";
import { loadKeyFile } from "@rushes/aws-local/disk/key-file";
import { acquireLock, type Lock } from "@rushes/aws-local/level/lock";
import type { Credentials } from "@rushes/aws-local/wire/signature";
import { CliError } from "@rushes/core/cli-error";
import * as z from "zod";

/** The version that this code reads and writes. 2: rows of databases have checksums. */
export const DATA_VERSION = 2;

/**
 * What brings a folder from version n to n + 1, by n. A step must be safe to run twice: the power may
 * go between its end and the new version's being written.
 */
export type Migrations = Record<number, (dataDir: string) => Promise<void>>;
const MIGRATIONS: Migrations = {
  // Each database gives its rows their checksums when it is opened.
  1: async () => {},
};

export interface DataFolder {
  path: string;
  /** The key pair of this folder's cloud; nobody else has it. */
  credentials: Credentials;
  /** Lets another process use the folder. A killed process lets go by itself. */
  close(): Promise<void>;
}

interface OpenOptions {
  version?: number;
  migrations?: Migrations;
  /** Opened only to be emptied, whatever its version. */
  anyVersion?: boolean;
  /** How long to wait for the one before, which may just be ending. */
  patienceMs?: number;
}

/**
 * Opens the data folder, which is made if it is absent, and brings it up to date.
 *
 * @throws CliError if another process uses it, if it cannot be written, if it holds something else, if it
 *   is of a later version, or if its key file is damaged.
 */
export async function openData(path: string, options: OpenOptions = {}): Promise<DataFolder> {
  const { version = DATA_VERSION, migrations = MIGRATIONS, patienceMs = 2000 } = options;
  const lock = await claim(path, options.anyVersion, patienceMs);
  try {
    const found = await versionOf(path, options.anyVersion);
    if (found === undefined) await writeVersion(path, version);
    else if (!options.anyVersion) await migrate(path, found, version, migrations);
    const credentials = options.anyVersion ? newCredentials() : await credentialsOf(path);
    return { path, credentials, close: () => lock.close() };
  } catch (error) {
    await lock.close();
    throw error;
  }
}

/** Makes the folder and locks it, unless it is somebody else's: then nothing in it is touched. */
async function claim(path: string, any: boolean | undefined, patienceMs: number): Promise<Lock> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await versionOf(path, any);
    await access(path, constants.W_OK | constants.X_OK);
    const lock = await acquireLock(join(path, "lock"), patienceMs);
    if (lock) return lock;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(unusable(path, error));
  }
  throw new CliError(
    `Another Rushes is running on ${path}; stop it, or name another folder in RUSHES_DATA_DIR.`,
  );
}

const ADVICE = "or name another folder in RUSHES_DATA_DIR";

/** Why the folder cannot be used, and what to do. */
function unusable(path: string, error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case "EACCES":
    case "EPERM":
      return `The data folder ${path} may not be written by this user; make it yours with chown and chmod, ${ADVICE}.`;
    case "EROFS":
      return `The data folder ${path} is on a read-only file system; mount it for writing, ${ADVICE}.`;
    case "ENOTDIR":
    case "EEXIST":
      return `RUSHES_DATA_DIR is ${path}, which is not a folder; remove the file in its way, ${ADVICE}.`;
    case "ENOSPC":
    case "EDQUOT":
      return `The disk of ${path} is full; free some space, ${ADVICE}.`;
    default:
      return `The data folder ${path} cannot be used (${code ?? String(error)}); check its disk and its permissions, ${ADVICE}.`;
  }
}

/** The system's code of an error, or of what caused it. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  // LevelDB has the system's words and not its code.
  if (/Permission denied/.test(text)) return "EACCES";
  if (/Read-only file system/.test(text)) return "EROFS";
  if (/No space left/.test(text)) return "ENOSPC";
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Undefined for a new folder. */
async function versionOf(path: string, any = false): Promise<number | undefined> {
  const text = await readFile(join(path, "version"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    },
  );
  if (text === undefined) {
    // Not version and lock alone: somebody's own folder, named by mistake, must not be filled.
    const others = (await readdir(path)).filter((name) => name !== "lock" && !name.startsWith("."));
    if (others.length === 0) return undefined;
    if (others.includes("s3") && others.includes("dynamo"))
      throw damagedVersion(path, "is missing");
    throw new CliError(
      `RUSHES_DATA_DIR is "${path}", which holds other files; give it an empty folder.`,
    );
  }
  if (!any && !/^\d+\s*$/.test(text)) throw damagedVersion(path, "is damaged");
  return Number(text);
}

const damagedVersion = (path: string, what: string) =>
  new CliError(
    `The file "version" in ${path} ${what}. If this Rushes used the folder last, write ${DATA_VERSION} into that file; your videos are not affected.`,
  );

const writeVersion = (path: string, version: number) =>
  writeDurably(join(path, "version"), `${version}\n`, 0o644);

async function migrate(path: string, found: number, wanted: number, migrations: Migrations) {
  if (found > wanted) {
    throw new CliError(
      `The data in ${path} is of version ${found}, and this Rushes reads up to ${wanted}; update Rushes, or name another folder in RUSHES_DATA_DIR.`,
    );
  }
  for (let version = found; version < wanted; version += 1) {
    const step = migrations[version];
    if (!step) {
      throw new CliError(
        `The data in ${path} is of version ${version}, which this Rushes can no longer read; use an older Rushes, or start anew with npm run reset.`,
      );
    }
    await step(path);
    await writeVersion(path, version + 1);
  }
}

const Secrets = z.object({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) });

function newCredentials(): Credentials {
  return {
    accessKeyId: `RUSHES${randomBytes(7).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
}

/** What encrypts sessions and tokens is derived from it, so that it is not replaced by itself. */
const credentialsOf = (path: string): Promise<Credentials> =>
  loadKeyFile(join(path, "secrets.json"), Secrets, {
    create: async () => newCredentials(),
    loss: "sessions, API tokens and share links become invalid; videos stay",
  });
