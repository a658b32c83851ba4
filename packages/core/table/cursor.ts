import * as z from "zod";
import { VisibleError } from "../error.ts";

const Shape = z.object({ q: z.string(), k: z.string().min(1).max(1024) });

/** Where the next page of a list begins. Opaque to callers and safe in URLs. */
export function encode(list: string, sortKey: string): string {
  return Buffer.from(JSON.stringify({ q: list, k: sortKey })).toString("base64url");
}

/** The sort key inside a cursor. Throws `cursor.invalid` if the cursor belongs to another list. */
export function decode(list: string, cursor: string): string {
  const parsed = Shape.safeParse(read(cursor));
  if (parsed.success && parsed.data.q === list) return parsed.data.k;
  throw invalid();
}

export function invalid(): VisibleError {
  return new VisibleError("input", "cursor.invalid", "This cursor is not valid.");
}

function read(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
