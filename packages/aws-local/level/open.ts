/**
 * Opens every database of the data folder. LevelDB itself opens a damaged database silently, without the damaged
 * rows, and deletes the damaged files. So this examines a database first.
 */
import { existsSync } from "node:fs";
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "@rushes/core/cli-error";
import { ClassicLevel } from "classic-level";
import { syncFolder } from "../disk/durable.ts";
import { isDiskFull } from "../disk/full.ts";
import { checkedJson, decodeRow, isUnmarked } from "./encoding.ts";
import { examine, salvage } from "./examine.ts";
import { guard } from "./guard.ts";
import { listFiles } from "./manifest.ts";

/** Rows rewritten in one batch. */
const BATCH = 1000;

export type Level<Row = unknown> = ClassicLevel<string, Row>;

export interface Opened<Row> {
  level: Level<Row>;
  /** The damage that was found and repaired, a sentence each. Usually empty. */
  damage: string[];
}

/**
 * Opens a database of JSON rows, and creates it if it is absent. A damaged one is renamed to
 * `<folder>.damaged-<time>`, and all readable rows are copied to a new one.
 *
 * @throws CliError if the system does not let this user read and write its files
 */
export async function openLevel<Row = unknown>(folder: string): Promise<Opened<Row>> {
  try {
    return await open<Row>(folder);
  } catch (error) {
    throw isDiskFull(error) ? error : notOpened(folder, error);
  }
}

/** For example after a start as another user, whose files this one cannot read. */
function notOpened(folder: string, error: unknown): unknown {
  const { cause } = error instanceof Error ? error : {};
  const reason = cause instanceof Error ? cause.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!/^(E[A-Z]+|LEVEL_DATABASE_NOT_OPEN)$/.test(code)) return error;
  return new CliError(
    `The database ${folder} cannot be opened (${reason}). Give this user the right to read and write its files, and check the disk; nothing was changed.`,
  );
}

async function open<Row>(folder: string): Promise<Opened<Row>> {
  await finishSwap(folder);
  const damage: string[] = [];
  const found = await examine(folder);
  if (found.length > 0)
    damage.push(await rebuild(folder, found).catch(rejectRebuild(folder, found)));
  // On a full disk the logs are not kept. They were examined and are intact.
  const kept = await keepLogs(folder).catch(() => undefined);
  const level: Level<Row> = new ClassicLevel<string, Row>(folder, { valueEncoding: checkedJson() });
  await level.open();
  damage.push(...(await readDropped(folder, kept)), ...(await checkRows(folder, level)));
  guard(folder, level);
  return { level, damage };
}

const stamp = () => new Date().toISOString().replaceAll(":", "-");
const damagedName = (folder: string) => `${folder}.damaged-${stamp()}`;
const rebuiltName = (folder: string) => `${folder}.rebuilt`;

async function rebuild(folder: string, found: string[]): Promise<string> {
  const rows = await salvage(folder);
  const building = `${folder}.rebuilding`;
  await rm(building, { recursive: true, force: true });
  const encoding = { keyEncoding: "buffer", valueEncoding: "buffer" } as const;
  const level = new ClassicLevel<Buffer, Buffer>(building, encoding);
  await level.open();
  const puts = [...rows.values()].map(({ key, value }) => ({ type: "put" as const, key, value }));
  for (let at = 0; at < puts.length; at += BATCH) {
    await level.batch(puts.slice(at, at + BATCH), { sync: true });
  }
  await level.close();
  const aside = damagedName(folder);
  // Complete under this name: the next start after a crash continues here.
  await rename(building, rebuiltName(folder));
  await syncFolder(dirname(folder));
  await rename(folder, aside);
  await rename(rebuiltName(folder), folder);
  await syncFolder(dirname(folder));
  return `The database ${folder} was damaged (${found.join("; ")}). Rushes rebuilt it from the ${rows.size} rows that could be read. The damaged files are in ${aside}.`;
}

/** The damaged database stays unchanged until the new one is complete. */
const rejectRebuild = (folder: string, found: string[]) => (error: unknown) => {
  throw new CliError(
    `The database ${folder} is damaged (${found.join("; ")}), and rebuilding it failed: ${String(error)}. Nothing was changed. If the disk is full, free some space and start again; otherwise restore the folder from a backup.`,
  );
};

async function finishSwap(folder: string): Promise<void> {
  const rebuilt = rebuiltName(folder);
  if (!existsSync(rebuilt)) return;
  if (existsSync(folder)) await rm(rebuilt, { recursive: true });
  else await rename(rebuilt, folder);
}

/** Links the logs into a second folder, because LevelDB deletes them after it has read them. */
async function keepLogs(folder: string): Promise<string | undefined> {
  const { logs } = await listFiles(folder);
  const aside = `${folder}.opening`;
  await rm(aside, { recursive: true, force: true });
  if (logs.size === 0) return undefined;
  await mkdir(aside);
  for (const name of logs.values()) {
    const [from, to] = [join(folder, name), join(aside, name)];
    await link(from, to).catch(() => copyFile(from, to));
  }
  return aside;
}

/** The rows that LevelDB dropped, as its own log reports them. */
async function readDropped(folder: string, kept: string | undefined): Promise<string[]> {
  const log = await readFile(join(folder, "LOG"), "utf8").catch(() => "");
  const lines = log.split("\n").filter((line) => /dropping|ignoring error/i.test(line));
  if (lines.length === 0) {
    if (kept !== undefined) await rm(kept, { recursive: true });
    return [];
  }
  const aside = damagedName(folder);
  if (kept !== undefined) await rename(kept, aside);
  return [
    `The database ${folder} lost rows when it was opened (${lines.join("; ")}). The logs that it read are in ${aside}.`,
  ];
}

/** Moves rows with a wrong checksum to a file, and adds checksums to rows of older versions. */
async function checkRows<Row>(folder: string, level: Level<Row>): Promise<string[]> {
  const damaged: [key: string, text: string][] = [];
  let older: { type: "put"; key: string; value: Row }[] = [];
  const upgrade = async () => {
    await level.batch(older, { sync: true });
    older = [];
  };
  for await (const [key, text] of level.iterator<string, string>({ valueEncoding: "utf8" })) {
    try {
      const value = decodeRow<Row>(text);
      if (isUnmarked(text)) older.push({ type: "put", key, value });
    } catch {
      damaged.push([key, text]);
    }
    if (older.length >= BATCH) await upgrade();
  }
  if (older.length > 0) await upgrade();
  if (damaged.length === 0) return [];
  const aside = `${damagedName(folder)}.json`;
  await writeFile(aside, JSON.stringify(damaged), { flag: "wx", mode: 0o600, flush: true });
  await level.batch(
    damaged.map(([key]) => ({ type: "del", key })),
    { sync: true },
  );
  return [
    `The database ${folder} held ${damaged.length} rows with a wrong checksum. They were taken out and are in ${aside}.`,
  ];
}
