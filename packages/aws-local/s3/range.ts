/** The Range header as S3 interprets it. */

/** Bytes `start` to `end`, both included. */
export interface Range {
  start: number;
  end: number;
}

/**
 * The requested range. `undefined` means the whole object: no header, more than one range, or a malformed one,
 * which S3 ignores. "unsatisfiable" becomes status 416.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): Range | "unsatisfiable" | undefined {
  const match = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(header ?? "");
  const [, from = "", to = ""] = match ?? [];
  if (!match || (from === "" && to === "")) return undefined;
  if (from === "") {
    const length = Math.min(Number(to), sizeBytes);
    return length === 0 ? "unsatisfiable" : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(from);
  const end = to === "" ? Number.POSITIVE_INFINITY : Number(to);
  if (start > end) return undefined;
  if (start >= sizeBytes) return "unsatisfiable";
  return { start, end: Math.min(end, sizeBytes - 1) };
}
