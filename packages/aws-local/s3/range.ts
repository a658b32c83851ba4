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

interface File {
  path: string;
  sizeBytes: number;
}

/** The bytes of each file that a range of their combined bytes contains; both ends included. */
export function* slicesOf(
  files: readonly File[],
  range: Range,
): Generator<Range & { path: string }> {
  let offset = 0;
  for (const { path, sizeBytes } of files) {
    const start = Math.max(range.start - offset, 0);
    const end = Math.min(range.end - offset, sizeBytes - 1);
    offset += sizeBytes;
    if (start <= end) yield { path, start, end };
  }
}
