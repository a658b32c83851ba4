/** Conditional requests: RFC 9110 section 13, as far as S3 follows it. */

import { notImplemented, S3Error } from "./errors.ts";
import { type Exchange, parameter, type ReadExchange } from "./exchange.ts";
import type { ObjectRow } from "./store.ts";

const failed = (condition: string) =>
  new S3Error(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    { Condition: condition },
  );

/** Whether a list of entity tags, or `*`, names this one. */
const names = (header: string, etag: string) =>
  header
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""))
    .some((tag) => tag === "*" || tag === `"${etag}"` || tag === etag);

/** Conditions of a PUT, Complete, copy or delete. Call inside the commit that writes. @throws S3Error */
export function checkWrite(exchange: Exchange, key: string, row: ObjectRow | undefined): void {
  const match = parameter(exchange, "if-match");
  const noneMatch = parameter(exchange, "if-none-match");
  if (noneMatch !== undefined && noneMatch !== "*") {
    throw notImplemented("If-None-Match with an entity tag, on a write");
  }
  if (noneMatch !== undefined && row) throw failed("If-None-Match");
  if (match === undefined) return;
  if (!row) throw noSuchKey(key);
  if (!names(match, row.etag)) throw failed("If-Match");
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
    if (!names(match, row.etag)) return "If-Match";
  } else if (unmodifiedSince !== undefined && modified > Date.parse(unmodifiedSince)) {
    return "If-Unmodified-Since";
  }
  if (noneMatch !== undefined) return names(noneMatch, row.etag) ? "not modified" : "ok";
  if (modifiedSince !== undefined && modified <= Date.parse(modifiedSince)) return "not modified";
  return "ok";
}

/** Conditions of a GET or HEAD. @throws S3Error PreconditionFailed */
export function checkRead(exchange: ReadExchange, row: ObjectRow): "ok" | "not modified" {
  const result = evaluate(
    {
      match: parameter(exchange, "if-match"),
      noneMatch: parameter(exchange, "if-none-match"),
      modifiedSince: parameter(exchange, "if-modified-since"),
      unmodifiedSince: parameter(exchange, "if-unmodified-since"),
    },
    row,
  );
  if (result === "ok" || result === "not modified") return result;
  throw failed(result);
}

/** Conditions on the source of a copy. @throws S3Error PreconditionFailed */
export function checkCopySource(exchange: Exchange, row: ObjectRow): void {
  const prefix = "x-amz-copy-source-if-";
  const result = evaluate(
    {
      match: parameter(exchange, `${prefix}match`),
      noneMatch: parameter(exchange, `${prefix}none-match`),
      modifiedSince: parameter(exchange, `${prefix}modified-since`),
      unmodifiedSince: parameter(exchange, `${prefix}unmodified-since`),
    },
    row,
  );
  if (result !== "ok") throw failed(result);
}

export const noSuchKey = (key: string) =>
  new S3Error("NoSuchKey", "The specified key does not exist.", { Key: key });
