/** What is found damaged: printed, kept in a log, and shown to admins in the audit. */
import { type AttributeValue, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Credentials } from "../wire/signature.ts";

/** @param inAudit the same without names of files, which everybody who reads the audit may see */
export type OnDamage = (sentence: string, inAudit?: string) => void;

interface Table {
  url: string;
  name: string;
  region: string;
  credentials: Credentials;
}

export interface DamageLog {
  onDamage: OnDamage;
  /** From now on findings go to the audit of this table; those from before are sent now. */
  connect(table: Table): Promise<void>;
  /** Waits for what is on its way to the table. */
  close(): Promise<void>;
}

/** Findings come before the table is there, and after it. */
export function createDamageLog(print: (line: string) => void): DamageLog {
  const waiting: string[] = [];
  let table: Table | undefined;
  let sending = Promise.resolve();

  function send(): Promise<void> {
    sending = sending.then(async () => {
      try {
        if (table && waiting.length > 0) await record(table, waiting.splice(0));
      } catch (error) {
        print(`The audit does not list what was found damaged: ${String(error)}`);
      }
    });
    return sending;
  }

  return {
    onDamage(sentence, inAudit = sentence) {
      print(sentence);
      waiting.push(inAudit);
      void send();
    },
    connect(given) {
      table = given;
      return send();
    },
    close: () => sending,
  };
}

async function record({ url, name, region, credentials }: Table, found: string[]): Promise<void> {
  // Only now: a start that finds nothing does not load it.
  const { item } = await import("@rushes/core/audit/index");
  const client = new DynamoDBClient({ endpoint: url, region, credentials });
  try {
    for (const what of found) {
      const as = { email: "Storage check" };
      const row = item({ action: "storage.damaged", detail: { what }, as });
      const Item = Object.fromEntries(
        Object.entries(row).map(([field, value]) => [field, attributeOf(value)]),
      );
      await client.send(new PutItemCommand({ TableName: name, Item }));
    }
  } finally {
    client.destroy();
  }
}

/** Texts, numbers and records of them: what an event of the audit has. */
function attributeOf(value: unknown): AttributeValue {
  if (typeof value === "number") return { N: String(value) };
  if (typeof value !== "object" || value === null) return { S: String(value) };
  const fields = Object.entries(value).map(([field, one]) => [field, attributeOf(one)]);
  return { M: Object.fromEntries(fields) };
}
