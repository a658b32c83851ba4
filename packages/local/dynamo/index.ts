/** DynamoDB on one machine: dynoxide, with its tables made and two of its defects worked around. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Credentials } from "../signature.ts";
import type { TableWiring } from "../wiring.ts";
import { findDynoxide } from "./binary.ts";
import { startProgram } from "./program.ts";
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

/** Starts the database and makes its tables. Throws a sentence where it cannot start. */
export async function start(options: DynamoOptions): Promise<DynamoServer> {
  await mkdir(options.dataDir, { recursive: true });
  const file = join(options.dataDir, "dynamo.db");
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
  };
  const close = async () => {
    clearInterval(timer);
    client.destroy();
    await endpoint.close();
    await program.close();
  };
  const timer = setInterval(() => {
    upkeep().catch((error) => process.stderr.write(`dynamo: upkeep failed: ${error}\n`));
  }, UPKEEP_MS);
  timer.unref();
  try {
    for (const table of options.tables) await ensureTable(client, table);
    indexStreamRecords(file);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: endpoint.url, port: endpoint.port, ended: program.ended, upkeep, close };
}
