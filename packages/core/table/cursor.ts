import * as z from "zod";
import { VisibleError } from "../error.ts";

const Shape = z.object({ q: z.string(), k: z.string().min(1).max(1024) });

/** Where a list goes on, for the one query that it came from. Opaque to callers, safe in addresses. */
export function encode(query: string, sortKey: string): string {
  return Buffer.from(JSON.stringify({ q: query, k: sortKey })).toString("base64url");
}

/** The sort key inside a cursor. Throws `cursor.invalid` for one that this query did not give out. */
export function decode(query: string, cursor: string): string {
  const parsed = Shape.safeParse(read(cursor));
  if (parsed.success && parsed.data.q === query) return parsed.data.k;
  throw new VisibleError("input", "cursor.invalid", "This page address is not valid any more.");
}

function read(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
