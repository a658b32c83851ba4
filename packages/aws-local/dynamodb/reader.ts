/**
 * Reads rows from dynoxide's file in this process. dynoxide takes 0.3 ms for each row that it returns, because it
 * parses the row and writes it as JSON twice; its file contains each row in DynamoDB's JSON. Everything but a plain
 * GetItem or Query is left to dynoxide. This depends on dynoxide's internals, as upkeep.ts does.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { TableWiring } from "@rushes/core/wiring";
import * as z from "zod";

/** More rows or characters than this may be over DynamoDB's 1 MB for one page, which dynoxide measures. */
const MAX_ROWS = 200;
const MAX_CHARACTERS = 500_000;

/** DynamoDB's limit for a sort key, in bytes. */
const MAX_KEY_BYTES = 1024;

const Text = z.strictObject({
  S: z
    .string()
    .min(1)
    .refine((text) => text.isWellFormed() && !text.includes("\0"))
    .refine((text) => Buffer.byteLength(text) <= MAX_KEY_BYTES),
});
const Key = z.record(z.string(), Text);
type Key = z.infer<typeof Key>;

const Get = z.strictObject({
  TableName: z.string(),
  Key,
  ConsistentRead: z.boolean().optional(),
});
const Query = z.strictObject({
  TableName: z.string(),
  IndexName: z.string().optional(),
  KeyConditionExpression: z.literal("#pk = :pk"),
  ExpressionAttributeNames: z.strictObject({ "#pk": z.string() }),
  ExpressionAttributeValues: z.strictObject({ ":pk": Text }),
  ConsistentRead: z.boolean().optional(),
  ScanIndexForward: z.boolean().optional(),
  Limit: z.number().int().min(1).max(MAX_ROWS).optional(),
  ExclusiveStartKey: Key.optional(),
});

export interface Reader {
  /** The response's JSON. Undefined for a request that dynoxide must handle. */
  read(target: string, request: unknown): string | undefined;
  close(): void;
}

/** Opens the file when the first row is read. dynoxide must have opened it before. */
export function createReader(file: string, tables: readonly TableWiring[]): Reader {
  let database: DatabaseSync | undefined;
  const statements = new Map<string, StatementSync>();
  const rows = (sql: string, parameters: (string | number)[]): string[] => {
    database ??= new DatabaseSync(file, { readOnly: true });
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement.all(...parameters).map((row) => String(row.item_json));
  };
  return {
    read(target, request) {
      try {
        if (target === "DynamoDB_20120810.GetItem") return get(request, tables, rows);
        if (target === "DynamoDB_20120810.Query") return query(request, tables, rows);
        return undefined;
      } catch {
        // dynoxide reports what is wrong with the file.
        return undefined;
      }
    },
    close() {
      database?.close();
      database = undefined;
      statements.clear();
    },
  };
}

type Rows = (sql: string, parameters: (string | number)[]) => string[];

function get(request: unknown, tables: readonly TableWiring[], rows: Rows): string | undefined {
  const { data } = Get.safeParse(request);
  const table = tables.find(({ name }) => name === data?.TableName);
  const key = data && table && valuesOf(data.Key, [table.hashKey, table.rangeKey]);
  if (!key) return undefined;
  const [item] = rows(`SELECT item_json FROM "${table.name}" WHERE pk = ? AND sk = ?`, key);
  return item === undefined ? "{}" : `{"Item":${item}}`;
}

function query(request: unknown, tables: readonly TableWiring[], rows: Rows): string | undefined {
  const { data } = Query.safeParse(request);
  const source = data && sourceOf(data, tables);
  if (!source || data.ExpressionAttributeNames["#pk"] !== source.partition) return undefined;
  const partition = data.ExpressionAttributeValues[":pk"];
  const start = data.ExclusiveStartKey;
  // In the order of the index's columns. The start is a row of the same partition.
  const after = start && valuesOf(start, [source.partition, ...source.sort]);
  if (start && (!after || start[source.partition]?.S !== partition.S)) return undefined;
  const isForward = data.ScanIndexForward ?? true;
  const items = rows(sqlOf(source, isForward, after !== undefined), [
    `S:${partition.S}`,
    ...(after?.slice(1) ?? []),
    data.Limit ?? MAX_ROWS + 1,
  ]);
  const characters = items.reduce((sum, item) => sum + item.length, 0);
  if (items.length > MAX_ROWS || characters > MAX_CHARACTERS) return undefined;
  const last = items.length === data.Limit ? items.at(-1) : undefined;
  const next = last && `,"LastEvaluatedKey":${keyOf(last, [source.partition, ...source.sort])}`;
  return `{"Count":${items.length},"Items":[${items.join(",")}],"ScannedCount":${items.length}${next ?? ""}}`;
}

/** The table or index that a query reads: where dynoxide stores it, and the attributes of its keys. */
interface Source {
  stored: string;
  partition: string;
  sort: string[];
  columns: { partition: string; sort: string[] };
}

function sourceOf(
  { TableName, IndexName }: z.infer<typeof Query>,
  tables: readonly TableWiring[],
): Source | undefined {
  const table = tables.find(({ name }) => name === TableName);
  if (!table) return undefined;
  if (IndexName === undefined) {
    return {
      stored: table.name,
      partition: table.hashKey,
      sort: [table.rangeKey],
      columns: { partition: "pk", sort: ["sk"] },
    };
  }
  const index = table.indexes.find(({ name }) => name === IndexName);
  if (!index) return undefined;
  return {
    stored: `${table.name}::gsi::${index.name}`,
    partition: index.hashKey,
    sort: [index.rangeKey, table.hashKey, table.rangeKey],
    columns: { partition: "gsi_pk", sort: ["gsi_sk", "table_pk", "table_sk"] },
  };
}

function sqlOf({ stored, columns }: Source, isForward: boolean, hasStart: boolean): string {
  const { partition, sort } = columns;
  const [comparison, direction] = isForward ? [">", "ASC"] : ["<", "DESC"];
  const start = `AND (${sort.join(", ")}) ${comparison} (${sort.map(() => "?").join(", ")})`;
  const order = sort.map((column) => `${column} ${direction}`).join(", ");
  return `SELECT item_json FROM "${stored}" WHERE ${partition} = ? ${hasStart ? start : ""} ORDER BY ${order} LIMIT ?`;
}

/** The values of a key as dynoxide stores them. Undefined if the key does not have exactly these attributes. */
function valuesOf(key: Key, names: readonly string[]): string[] | undefined {
  const values = names.flatMap((name) => (Object.hasOwn(key, name) ? `S:${key[name]?.S}` : []));
  const isExact = values.length === names.length && Object.keys(key).length === names.length;
  return isExact ? values : undefined;
}

/** The key of a row, as JSON. */
function keyOf(item: string, names: readonly string[]): string {
  const row = z.record(z.string(), z.unknown()).parse(JSON.parse(item));
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name]])));
}
