import { readMultivariant } from "../rendition/multivariant.ts";
import type { Info } from "../rendition/schema.ts";
import { bareEtag } from "../source/object.ts";
import { readText, sizeOf } from "../storage.ts";

/** A multivariant playlist has some hundred bytes for each rung. */
const MOST_BYTES = 256 * 1024;

/**
 * What an adaptive stream contains, by its multivariant playlist. Its size is that of every file below the playlist's
 * folder. Undefined if there is no playlist, or none that can be read.
 */
export async function describeStream(
  bucket: string,
  key: string,
  attempt: number,
): Promise<Info | undefined> {
  const folder = key.slice(0, key.lastIndexOf("/") + 1);
  const [playlist, sizeBytes] = await Promise.all([
    readText({ bucket, key, mostBytes: MOST_BYTES }),
    sizeOf(bucket, folder),
  ]);
  const stream = playlist && readMultivariant(playlist.text);
  if (!stream) return undefined;
  const [top] = stream.rungs;
  return {
    label: "hls",
    kind: "hls",
    attempt,
    key,
    sizeBytes,
    checksum: `etag:${bareEtag(playlist.etag)}`,
    container: "CMAF",
    width: top?.width,
    height: top?.height,
    bitRate: top?.averageBitRate ?? top?.bitRate,
    frameRate: top?.frameRate,
    ...stream,
    time: { landed: new Date().toISOString() },
  };
}
