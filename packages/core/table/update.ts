import { type Row, tableName } from "./client.ts";

export interface Update {
  TableName: string;
  Key: Row;
  UpdateExpression: string;
  ConditionExpression?: string | undefined;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Row | undefined;
}

/**
 * Builds the input of an UpdateItem. Names in `set`, `remove` and `add` may be paths like `time.updated`.
 * `condition` writes attribute names as `#name` or `#time.#updated`, and its values as `:name`.
 */
export function update(input: {
  key: Row;
  set?: Row;
  remove?: string[];
  add?: Row | undefined;
  condition?: string;
  values?: Row;
}): Update {
  const names: Record<string, string> = {};
  const values: Row = { ...input.values };
  const path = (name: string) =>
    name
      .split(".")
      .map((step) => attribute(names, step))
      .join(".");
  const value = (name: string, of: unknown) => {
    const placeholder = `:set_${name.replaceAll(".", "_")}`;
    values[placeholder] = of;
    return placeholder;
  };
  const set = defined(input.set).map(([name, of]) => `${path(name)} = ${value(name, of)}`);
  const add = defined(input.add).map(([name, of]) => `${path(name)} ${value(name, of)}`);
  const remove = (input.remove ?? []).map(path);
  for (const [step] of input.condition?.matchAll(/#[A-Za-z]+/g) ?? []) {
    attribute(names, step.slice(1));
  }
  const clauses = [clause("SET", set), clause("REMOVE", remove), clause("ADD", add)];
  return {
    TableName: tableName(),
    Key: input.key,
    UpdateExpression: clauses.filter((one) => one !== "").join(" "),
    ConditionExpression: input.condition,
    ExpressionAttributeNames: names,
    // DynamoDB rejects an empty map.
    ExpressionAttributeValues: Object.keys(values).length > 0 ? values : undefined,
  };
}

/** `#status IN (:from0, :from1)`, with its values. */
export function oneOf(
  name: string,
  allowed: readonly string[],
): { condition: string; values: Row } {
  const entries = allowed.map((one, at) => [`:from${at}`, one]);
  const placeholders = entries.map(([placeholder]) => placeholder).join(", ");
  return { condition: `#${name} IN (${placeholders})`, values: Object.fromEntries(entries) };
}

function attribute(names: Record<string, string>, name: string): string {
  names[`#${name}`] = name;
  return `#${name}`;
}

function defined(row: Row = {}): [string, unknown][] {
  return Object.entries(row).filter(([, value]) => value !== undefined);
}

function clause(keyword: string, parts: string[]): string {
  return parts.length > 0 ? `${keyword} ${parts.join(", ")}` : "";
}
