/** DynamoDB on one machine: dynoxide, with its tables made and its two defects worked around. */
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { spawnWatched } from "../child.ts";
import type { Credentials } from "../signature.ts";
import type { TableWiring } from "../wiring.ts";
import { findDynoxide } from "./binary.ts";
import { ensureTable } from "./table.ts";
import { indexStreamRecords, pruneStreamRecords, sweepExpired } from "./upkeep.ts";

const UPKEEP_MS = 60 * 60_000;
const READY_MS = 15_000;

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

async function freePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("No port was free.");
  return address.port;
}

/** Resolves when something answers HTTP; throws with what the program said if it ends before. */
async function answering(url: string, state: { ended: boolean; said: string }): Promise<void> {
  const ends = Date.now() + READY_MS;
  while (Date.now() < ends && !state.ended) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) {
      await answer.body?.cancel();
      return;
    }
    await wait(10);
  }
  throw new Error(`DynamoDB did not start on ${url}: ${state.said.trim() || "it said nothing"}.`);
}

/** Starts the database and makes its tables. Throws a sentence where it cannot start. */
export async function start(options: DynamoOptions): Promise<DynamoServer> {
  await mkdir(options.dataDir, { recursive: true });
  const file = join(options.dataDir, "dynamo.db");
  const port = options.port || (await freePort(options.host));
  const url = `http://${options.host}:${port}`;
  const child = spawnWatched(findDynoxide(), [
    ...["serve", "--host", options.host, "--port", String(port), "--db-path", file],
  ]);
  const state = { ended: false, said: "" };
  const ended = once(child, "close").then(() => {
    state.ended = true;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      state.said = `${state.said}${chunk}`.slice(-2000);
    });
  }
  const client = new DynamoDBClient({
    endpoint: url,
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
    child.stdin.destroy();
    await ended;
  };
  const timer = setInterval(() => {
    upkeep().catch((error) => process.stderr.write(`dynamo: upkeep failed: ${error}\n`));
  }, UPKEEP_MS);
  timer.unref();
  try {
    await answering(url, state);
    for (const table of options.tables) await ensureTable(client, table);
    indexStreamRecords(file);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, port, ended, upkeep, close };
}
