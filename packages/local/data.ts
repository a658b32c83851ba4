/**
 * The folder in which everything is kept. It has a version, so that a later Rushes can bring it up to
 * date, and one user at a time.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ClassicLevel } from "classic-level";
import * as z from "zod";
import { writeDurably } from "./durable.ts";
import { SettingsError } from "./settings.ts";
import type { Credentials } from "./signature.ts";

/** The version that this code reads and writes. */
export const DATA_VERSION = 1;

/**
 * What brings a folder from version n to n + 1, by n. A step must be safe to run twice: the power may
 * go between its end and the new version's being written.
 */
export type Migrations = Record<number, (dataDir: string) => Promise<void>>;
const MIGRATIONS: Migrations = {};

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
 * @throws SettingsError if another process uses it, if it holds something else, or if it is of a later version.
 */
export async function openData(path: string, options: OpenOptions = {}): Promise<DataFolder> {
  const { version = DATA_VERSION, migrations = MIGRATIONS, patienceMs = 2000 } = options;
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await versionOf(path, options.anyVersion);
  const lock = await acquire(path, patienceMs);
  try {
    if (found === undefined) await writeVersion(path, version);
    else if (!options.anyVersion) await migrate(path, found, version, migrations);
    return { path, credentials: await credentialsOf(path), close: () => lock.close() };
  } catch (error) {
    await lock.close();
    throw error;
  }
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
    throw new SettingsError([
      `RUSHES_DATA_DIR is "${path}", which holds other files; give it an empty folder.`,
    ]);
  }
  if (!any && !/^\d+\s*$/.test(text)) {
    throw new SettingsError([
      `The file "version" in ${path} is damaged; restore it, or start anew with npm run reset.`,
    ]);
  }
  return Number(text);
}

const writeVersion = (path: string, version: number) =>
  writeDurably(join(path, "version"), `${version}\n`, 0o644);

async function migrate(path: string, found: number, wanted: number, migrations: Migrations) {
  if (found > wanted) {
    throw new SettingsError([
      `The data in ${path} is of version ${found}, and this Rushes reads up to ${wanted}; update Rushes, or name another folder in RUSHES_DATA_DIR.`,
    ]);
  }
  for (let version = found; version < wanted; version += 1) {
    const step = migrations[version];
    if (!step) {
      throw new SettingsError([
        `The data in ${path} is of version ${version}, which this Rushes can no longer read; use an older Rushes, or start anew with npm run reset.`,
      ]);
    }
    await step(path);
    await writeVersion(path, version + 1);
  }
}

/**
 * LevelDB holds a lock of the operating system on its folder, which ends with the process however it
 * ends; so no lock is ever left behind, and no process id needs to be trusted.
 */
async function acquire(path: string, patienceMs: number): Promise<ClassicLevel> {
  const ends = Date.now() + patienceMs;
  for (;;) {
    const lock = new ClassicLevel(join(path, "lock"));
    try {
      await lock.open();
      return lock;
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (Date.now() > ends) {
        throw new SettingsError([
          `Another Rushes is running on ${path}; stop it, or name another folder in RUSHES_DATA_DIR.`,
        ]);
      }
      await wait(50);
    }
  }
}

const isLocked = (error: unknown) =>
  error instanceof Error &&
  error.cause instanceof Error &&
  "code" in error.cause &&
  error.cause.code === "LEVEL_LOCKED";

const Secrets = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

async function credentialsOf(path: string): Promise<Credentials> {
  const file = join(path, "secrets.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text !== undefined) return Secrets.parse(JSON.parse(text));
  const credentials = {
    accessKeyId: `RUSHES${randomBytes(7).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  await writeDurably(file, `${JSON.stringify(credentials)}\n`, 0o600);
  return credentials;
}
