import { elements, ID, unsigned } from "./ebml.ts";
import type { Family } from "./magic.ts";
import type { Read } from "./read.ts";

/** Longer than a cluster of a browser's recording, which ends with each key frame or after 5 s at about 2.5 Mb/s. */
export const END_BYTES = 4 * 1024 ** 2;
/** Nanoseconds per unit of a cluster's time, if the file does not state them (RFC 9559). */
const DEFAULT_SCALE = 1_000_000;

/**
 * The length of a WebM or Matroska file that does not state it, in seconds: the time from its first cluster to its
 * last, which is too short by at most one cluster. Reads the end once. Undefined for other families, and if no cluster
 * is found.
 */
export async function unstatedSeconds(
  family: Family,
  sizeBytes: number,
  head: Uint8Array,
  read: Read,
): Promise<number | undefined> {
  if (family !== "matroska") return undefined;
  const first = clusterTimes(head).next().value;
  const from = Math.max(0, sizeBytes - END_BYTES);
  const last = [...clusterTimes(await read(from, sizeBytes - from))].at(-1);
  if (first === undefined || last === undefined || last < first) return undefined;
  return ((last - first) * scaleOf(head)) / 1e9;
}

/**
 * The times of clusters in these bytes, which may begin anywhere. A cluster begins with its time, or with a checksum
 * and its time.
 */
function* clusterTimes(bytes: Uint8Array): Generator<number, undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf(CLUSTER); at >= 0; at = buffer.indexOf(CLUSTER, at + 1)) {
    const [cluster] = elements(bytes, at, at + 1);
    const [first, second] = cluster ? elements(bytes, cluster.body, bytes.length) : [];
    const time = first?.id === ID.checksum ? second : first;
    const value = time?.id === ID.time ? unsigned(bytes, time) : undefined;
    if (value !== undefined) yield value;
  }
  return undefined;
}

const CLUSTER = Buffer.from("1f43b675", "hex");

function scaleOf(head: Uint8Array): number {
  for (const segment of elements(head, 0, head.length)) {
    if (segment.id !== ID.segment) continue;
    for (const info of elements(head, segment.body, head.length)) {
      if (info.id !== ID.info || info.size === undefined) continue;
      for (const one of elements(head, info.body, info.body + info.size)) {
        if (one.id === ID.scale) return unsigned(head, one) || DEFAULT_SCALE;
      }
    }
  }
  return DEFAULT_SCALE;
}
