/** DynamoDB on one machine: creates dynoxide's tables and works around two of its bugs. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TableWiring } from "@rushes/core/wiring";
import type { Credentials } from "../wire/signature.ts";
import { copyDaily } from "./backup.ts";
import { findDynoxide } from "./binary.ts";
import { checkTable } from "./check.ts";
import { startProgram } from "./program.ts";
import { createReader } from "./reader.ts";
import { removeSeal, seal } from "./seal.ts";
import { ensureTable } from "./table.ts";
import { indexStreamRecords, pruneStreamRecords, removeExpiredRows } from "./upkeep.ts";
import { serveDynamo } from "./wire.ts";

const UPKEEP_MS = 60 * 60_000;

export interface DynamoOptions {
  dataDir: string;
  host: string;
  /** 0 for any free port. */
  port: number;
  region: string;
  credentials: Credentials;
  tables: TableWiring[];
  /** Whether the buckets contain objects. If so, the table must exist. */
  hasObjects?: boolean;
  /** How long to wait for a killed database to exit; 3 seconds by default. */
  retryForMs?: number;
  /** Receives one sentence for each damage found in the data. */
  onDamage?(sentence: string): void;
}

export interface DynamoServer {
  /** Serves DynamoDB and DynamoDB Streams. */
  url: string;
  port: number;
  /** Resolves when the program has exited for any reason. */
  ended: Promise<void>;
  /** Resolves after the next request that may add records to a stream. */
  nextWrite(): Promise<void>;
  /** Removes old stream records and expired rows. It runs every hour. */
  upkeep(): Promise<void>;
  close(): Promise<void>;
}

const logFailure = (error: unknown) =>
  void process.stderr.write(`dynamo: upkeep failed: ${String(error)}\n`);

/** Writes the log into the file and seals the file, so that the next start can detect changes. */
async function sealTable(file: string): Promise<void> {
  try {
    const database = new DatabaseSync(file);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    await seal(file);
  } catch (error) {
    // Nothing is lost: the log remains, and the next start checks it.
    logFailure(error);
  }
}

/** Starts the database and creates its tables. @throws CliError or Error that says why it cannot start */
export async function start(options: DynamoOptions): Promise<DynamoServer> {
  await mkdir(options.dataDir, { recursive: true });
  const file = join(options.dataDir, "dynamo.db");
  const { hasObjects = false, retryForMs } = options;
  const damage = await checkTable(file, { hasObjects, retryForMs });
  for (const sentence of damage) options.onDamage?.(sentence);
  await removeSeal(file);
  const program = await startProgram(findDynoxide(), file);
  const reader = createReader(file, options.tables);
  let written = Promise.withResolvers<void>();
  const onWrite = () => {
    written.resolve();
    written = Promise.withResolvers();
  };
  const storage = { program, reader, onWrite };
  const endpoint = await serveDynamo(options, storage).catch(async (error: unknown) => {
    await program.close();
    throw error;
  });
  const client = new DynamoDBClient({
    endpoint: endpoint.url,
    region: options.region,
    credentials: options.credentials,
  });
  const upkeep = async () => {
    pruneStreamRecords(file);
    for (const table of options.tables) await removeExpiredRows(client, table);
    await copyDaily(file);
  };
  const close = async () => {
    clearInterval(timer);
    client.destroy();
    await endpoint.close();
    // First, because the copy fails if the log is written into the file meanwhile.
    await dailyCopy;
    // The last connection writes the log into the file.
    reader.close();
    await program.close();
    await sealTable(file);
  };
  let dailyCopy = Promise.resolve();
  const timer = setInterval(() => {
    upkeep().catch(logFailure);
  }, UPKEEP_MS);
  timer.unref();
  try {
    for (const table of options.tables) await ensureTable(client, table);
    indexStreamRecords(file);
    dailyCopy = copyDaily(file).catch(logFailure);
  } catch (error) {
    await close();
    throw error;
  }
  const { url, port } = endpoint;
  return { url, port, ended: program.ended, nextWrite: () => written.promise, upkeep, close };
}
