/** DynamoDB on one machine: dynoxide, with its tables made and two of its defects worked around. */
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
import { removeSeal, seal } from "./seal.ts";
import { ensureTable } from "./table.ts";
import { indexStreamRecords, pruneStreamRecords, sweepExpired } from "./upkeep.ts";
import { serveDynamo } from "./wire.ts";

const UPKEEP_MS = 60 * 60_000;

export interface DynamoOptions {
  dataDir: string;
  host: string;
  /** 0 for any free one. */
  port: number;
  region: string;
  credentials: Credentials;
  tables: TableWiring[];
  /** Whether there are objects that the table must know of: then it does not start as a new one. */
  holds?: boolean;
  /** How long to wait for a database that was just killed to end; 3 seconds unless given. */
  patienceMs?: number;
  /** Receives a sentence for each damage that was found in the data. */
  onDamage?(sentence: string): void;
}

export interface DynamoServer {
  /** Serves DynamoDB and DynamoDB Streams. */
  url: string;
  port: number;
  /** Resolves when the program has ended, whoever ended it. */
  ended: Promise<void>;
  /** What runs every hour: old stream records and expired rows go. */
  upkeep(): Promise<void>;
  close(): Promise<void>;
}

const complain = (error: unknown) =>
  void process.stderr.write(`dynamo: upkeep failed: ${String(error)}\n`);

/** Moves the log into the file and seals it, so that the next start can compare. */
async function settle(file: string): Promise<void> {
  try {
    const database = new DatabaseSync(file);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    await seal(file);
  } catch (error) {
    // Nothing is lost by it: the log stays, and the next start checks that.
    complain(error);
  }
}

/** Starts the database and makes its tables. Throws a sentence where it cannot start. */
export async function start(options: DynamoOptions): Promise<DynamoServer> {
  await mkdir(options.dataDir, { recursive: true });
  const file = join(options.dataDir, "dynamo.db");
  const { holds = false, patienceMs } = options;
  const damage = await checkTable(file, {
    holds,
    ...(patienceMs !== undefined && { patienceMs }),
  });
  for (const sentence of damage) options.onDamage?.(sentence);
  await removeSeal(file);
  const program = await startProgram(findDynoxide(), file);
  const endpoint = await serveDynamo(options, program).catch(async (error: unknown) => {
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
    for (const table of options.tables) await sweepExpired(client, table);
    await copyDaily(file);
  };
  const close = async () => {
    clearInterval(timer);
    client.destroy();
    await endpoint.close();
    await program.close();
    await copying;
    await settle(file);
  };
  let copying = Promise.resolve();
  const timer = setInterval(() => {
    upkeep().catch(complain);
  }, UPKEEP_MS);
  timer.unref();
  try {
    for (const table of options.tables) await ensureTable(client, table);
    indexStreamRecords(file);
    copying = copyDaily(file).catch(complain);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: endpoint.url, port: endpoint.port, ended: program.ended, upkeep, close };
}
