/** Reads what the rules of source/rejection.ts need to know about a source. */
import { containerOf, read as readProbe } from "../encoder/probe.ts";
import { resource } from "../resource.ts";
import { chaptersOf } from "../source/chapters.ts";
import { isEncrypted } from "../source/encrypted.ts";
import { unstatedSeconds } from "../source/length.ts";
import { type Family, familyOf } from "../source/magic.ts";
import type { SourceObject } from "../source/object.ts";
import { checkContent, type Rejection, rejectFamily, rejectSize } from "../source/rejection.ts";
import type { Chapter, Media, Probed } from "../source/schema.ts";
import { blockReader, isArchived, readRange, s3Url } from "../source/storage.ts";
import { tracksOf } from "../source/tracks.ts";
import { isWhole } from "../source/whole.ts";
import { checksumOf, headOf } from "../storage.ts";

/** The start of a source that passed the first check. */
export interface Head {
  family: Family;
  bytes: Uint8Array;
}
export type HeadCheck = { head: Head; rejection?: undefined } | { rejection: Rejection };
/** What was found in a source that passed the second check. */
export interface Content {
  media: Media;
  checksum: string | undefined;
  chapters: Chapter[];
}
export type ContentCheck = (Content & { rejection?: undefined }) | { rejection: Rejection };

/** Enough for the magic bytes and, in most files, for the first boxes. */
const HEAD_BYTES = 64 * 1024;

/**
 * The first check takes one request: is the object still the one of its event, is its size within the
 * settings, and is it a container that Rushes accepts?
 */
export async function inspectHead(object: SourceObject): Promise<HeadCheck> {
  const bySize = rejectSize(object.sizeBytes, resource().Settings.maxSizeBytes);
  if (bySize) return { rejection: bySize };
  const bytes = await readRange(object, 0, HEAD_BYTES).catch((error: unknown) => {
    if (isArchived(error)) return "archived" as const;
    throw error;
  });
  if (bytes === "archived") return { rejection: { type: "source.archived" } };
  if (!bytes) return { rejection: { type: "source.missing" } };
  const family = familyOf(bytes);
  const byFamily = rejectFamily(family);
  // Without a family, there is always a rejection.
  if (byFamily || !family) return { rejection: byFamily ?? { type: "source.not_media" } };
  return { head: { family, bytes } };
}

/** The second check: is the file whole and readable, and does it contain a video within the limits? */
export async function inspectContent(object: SourceObject, head: Head): Promise<ContentCheck> {
  const { family, bytes } = head;
  const read = blockReader(object, bytes);
  const [container, whole, encrypted, tracks, chapters, objectHead] = await Promise.all([
    containerOf(s3Url(object)),
    isWhole(family, object.sizeBytes, read),
    isEncrypted(family, object.sizeBytes, bytes, read),
    tracksOf(family, object.sizeBytes, bytes, read),
    chaptersOf(family, object.sizeBytes, read),
    headOf(object, "ENABLED"),
  ]);
  const probed = container && readProbe(container, tracks);
  // Both fail as well if the object was deleted or replaced in the meantime.
  const failed = !probed || !whole;
  if (failed && !(await readRange(object, 0, 1))) return { rejection: { type: "source.missing" } };
  const needsLength = whole && !encrypted && probed?.durationSeconds === 0;
  const seconds = needsLength
    ? await unstatedSeconds(family, object.sizeBytes, bytes, read)
    : undefined;
  const checked = checkContent(
    {
      sizeBytes: object.sizeBytes,
      isWhole: whole,
      isEncrypted: encrypted,
      probed: withLength(probed, seconds),
    },
    resource().Settings,
  );
  if (checked.rejection) return checked;
  return { ...checked, chapters, checksum: objectHead && checksumOf(objectHead) };
}

/** The result of a probe, with the length that was found in another way. */
function withLength(probed: Probed | undefined, seconds?: number): Probed | undefined {
  if (!probed || seconds === undefined) return probed;
  const media = probed.media && { ...probed.media, durationSeconds: seconds };
  return { ...probed, durationSeconds: seconds, media };
}
