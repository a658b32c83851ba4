import { isoTracks } from "./iso-tracks.ts";
import type { Family } from "./magic.ts";
import { matroskaTracks } from "./matroska-tracks.ts";
import { transportTracks } from "./mpeg-ts-tracks.ts";
import type { Read } from "./read.ts";
import type { SourceTrack } from "./schema.ts";

/**
 * The tracks that a file's headers state, in the order of the file. MediaConvert's Probe says neither which track plays by
 * default nor in which format subtitles are. Empty for other files, and for data that is damaged.
 *
 * @param head the file's start, where a transport stream names its tracks
 */
export async function tracksOf(
  family: Family,
  sizeBytes: number,
  head: Uint8Array,
  read: Read,
): Promise<SourceTrack[]> {
  if (family === "iso") return isoTracks(sizeBytes, read);
  if (family === "matroska") return matroskaTracks(read);
  if (family === "mpeg-ts") return transportTracks(head);
  return [];
}
