import type { Plan } from "./schema.ts";

const MIB = 1024 ** 2;
/** Up to this size one PUT is faster than three more requests, and a repeat costs little. */
export const SINGLE_LIMIT_BYTES = 32 * MIB;
/** Chromium, Firefox and Safari open this many connections to an HTTP/1.1 origin. */
export const CONNECTIONS = 6;
/** Each part costs two round trips, and as many bytes if it must be sent again. */
const PART_BYTES = 16 * MIB;
/** Below S3's 10,000 parts, so that rounding up to whole MiB never exceeds it. */
const MAX_PARTS = 9_500;

/**
 * The plan for a file of this size. Its parts are equal, and a multiple of the connections: all are busy until the end.
 * Where each connection has the same limit, 128 MiB in eight parts would take as long as in twelve of the same size.
 */
export function planFor(sizeBytes: number): Plan {
  if (sizeBytes <= SINGLE_LIMIT_BYTES) return { kind: "single" };
  const rounds = Math.ceil(sizeBytes / (CONNECTIONS * PART_BYTES));
  const partSizeBytes = Math.max(
    Math.ceil(sizeBytes / (CONNECTIONS * rounds)),
    // From 148 GiB.
    sizeBytes > MAX_PARTS * PART_BYTES ? Math.ceil(sizeBytes / MAX_PARTS / MIB) * MIB : 0,
  );
  return { kind: "multipart", partSizeBytes, partCount: Math.ceil(sizeBytes / partSizeBytes) };
}

/** Bytes of one part of a plan. The last part has the remainder. */
export function partSize(
  plan: Extract<Plan, { kind: "multipart" }>,
  sizeBytes: number,
  partNumber: number,
): number {
  if (partNumber < plan.partCount) return plan.partSizeBytes;
  return sizeBytes - plan.partSizeBytes * (plan.partCount - 1);
}
