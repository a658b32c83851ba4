/** Reports damaged data: printed, logged, and shown to admins in the audit log. */
import { type AttributeValue, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Credentials } from "../wire/signature.ts";

/** @param inAudit the same without file names, for everyone who can read the audit log */
export type OnDamage = (sentence: string, inAudit?: string) => void;

interface Table {
  url: string;
  name: string;
  region: string;
  credentials: Credentials;
}

interface DamageLog {
  onDamage: OnDamage;
  /** Sends earlier and all later reports to the audit log of this table. */
  connect(table: Table): Promise<void>;
  /** Waits until the reports are written to the table. */
  close(): Promise<void>;
}

/** Accepts reports before and after the table is available. */
export function createDamageLog(print: (line: string) => void): DamageLog {
  const waiting: string[] = [];
  let table: Table | undefined;
  let sending = Promise.resolve();

  function send(): Promise<void> {
    sending = sending.then(async () => {
      try {
        if (table && waiting.length > 0) await record(table, waiting.splice(0));
      } catch (error) {
        print(`The audit log does not list the damage: ${String(error)}`);
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
    connect(connected) {
      table = connected;
      return send();
    },
    close: () => sending,
  };
}

async function record({ url, name, region, credentials }: Table, found: string[]): Promise<void> {
  // Loaded here, because most starts find no damage.
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

/** An audit event contains strings, numbers and records of them. */
function attributeOf(value: unknown): AttributeValue {
  if (typeof value === "number") return { N: String(value) };
  if (typeof value !== "object" || value === null) return { S: String(value) };
  const fields = Object.entries(value).map(([field, one]) => [field, attributeOf(one)]);
  return { M: Object.fromEntries(fields) };
}
