/** Conditional requests: the subset of RFC 9110 section 13 that S3 supports. */

import { type Context, type ObjectContext, parameter, type ReadContext } from "./context.ts";
import { notImplemented, S3Error } from "./errors.ts";
import type { ObjectRow } from "./rows.ts";
import { objectName } from "./store.ts";

const failed = (condition: string) =>
  new S3Error(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    { Condition: condition },
  );

/** Whether a list of entity tags contains this one, or is `*`. */
const matches = (header: string, etag: string) =>
  header
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""))
    .some((tag) => tag === "*" || tag === `"${etag}"` || tag === etag);

/** Checks the conditions of a PUT, Complete, copy or delete. Call inside the commit. @throws S3Error */
export function checkWriteConditions(
  context: Context,
  key: string,
  row: ObjectRow | undefined,
): void {
  const match = parameter(context, "if-match");
  const noneMatch = parameter(context, "if-none-match");
  if (noneMatch !== undefined && noneMatch !== "*") {
    throw notImplemented("If-None-Match with an entity tag, on a write");
  }
  if (noneMatch !== undefined && row) throw failed("If-None-Match");
  if (match === undefined) return;
  if (!row) throw noSuchKey(key);
  if (!matches(match, row.etag)) throw failed("If-Match");
}

interface ReadConditions {
  match?: string;
  noneMatch?: string;
  modifiedSince?: string;
  unmodifiedSince?: string;
}

function evaluate(conditions: ReadConditions, row: ObjectRow): "ok" | "not modified" | string {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditions;
  // Dates in headers have whole seconds.
  const modified = Math.floor(row.modified / 1000) * 1000;
  if (match !== undefined) {
    if (!matches(match, row.etag)) return "If-Match";
  } else if (unmodifiedSince !== undefined && modified > Date.parse(unmodifiedSince)) {
    return "If-Unmodified-Since";
  }
  if (noneMatch !== undefined) return matches(noneMatch, row.etag) ? "not modified" : "ok";
  if (modifiedSince !== undefined && modified <= Date.parse(modifiedSince)) return "not modified";
  return "ok";
}

/** Checks the conditions of a GET or HEAD. @throws S3Error PreconditionFailed */
export function checkReadConditions(context: ReadContext, row: ObjectRow): "ok" | "not modified" {
  const result = evaluate(
    {
      match: parameter(context, "if-match"),
      noneMatch: parameter(context, "if-none-match"),
      modifiedSince: parameter(context, "if-modified-since"),
      unmodifiedSince: parameter(context, "if-unmodified-since"),
    },
    row,
  );
  if (result === "ok" || result === "not modified") return result;
  throw failed(result);
}

/** Checks the conditions on the source of a copy. @throws S3Error PreconditionFailed */
export function checkCopyConditions(context: Context, row: ObjectRow): void {
  const prefix = "x-amz-copy-source-if-";
  const result = evaluate(
    {
      match: parameter(context, `${prefix}match`),
      noneMatch: parameter(context, `${prefix}none-match`),
      modifiedSince: parameter(context, `${prefix}modified-since`),
      unmodifiedSince: parameter(context, `${prefix}unmodified-since`),
    },
    row,
  );
  if (result !== "ok") throw failed(result);
}

export const noSuchKey = (key: string) =>
  new S3Error("NoSuchKey", "The specified key does not exist.", { Key: key });

/** Runs a write. If it has conditions, a delete of its object makes `assertNoConflict` throw. */
export async function withConditionalWrite<T>(
  context: ObjectContext,
  run: (assertNoConflict: () => void) => Promise<T>,
): Promise<T> {
  const isConditional = ["if-none-match", "if-match"].some(
    (name) => parameter(context, name) !== undefined,
  );
  if (!isConditional) return run(() => {});
  const write = context.conditionalWrites.begin(objectName(context.bucket.name, context.key));
  try {
    return await run(write.assertNoConflict);
  } finally {
    write.end();
  }
}
