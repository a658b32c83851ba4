/** Reads what the rules of source/rejection.ts need to know about a source. */
import { probe } from "../encoder/probe.ts";
import { resource } from "../resource.ts";
import { chaptersOf } from "../source/chapters.ts";
import { isEncrypted, trackFormats } from "../source/encrypted.ts";
import { unstatedSeconds } from "../source/length.ts";
import { type Family, familyOf } from "../source/magic.ts";
import type { SourceObject } from "../source/object.ts";
import { checkContent, type Rejection, rejectFamily, rejectSize } from "../source/rejection.ts";
import type { Chapter, Media, Probed } from "../source/schema.ts";
import { blockReader, isArchived, readRange, s3Url } from "../source/storage.ts";
import { isWhole } from "../source/whole.ts";

/** The start of a source that passed the first check. */
export interface Head {
  family: Family;
  bytes: Uint8Array;
}
export type HeadCheck = { head: Head; rejection?: undefined } | { rejection: Rejection };
/** What was found in a source that passed the second check. */
export interface Content {
  media: Media;
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
  const [probed, whole, encrypted, formats] = await Promise.all([
    probe(s3Url(object)),
    isWhole(family, object.sizeBytes, read),
    isEncrypted(family, object.sizeBytes, bytes, read),
    family === "iso" ? trackFormats(object.sizeBytes, read) : [],
  ]);
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
      probed: withLength(withTimedText(probed, formats), seconds),
    },
    resource().Settings,
  );
  if (checked.rejection) return checked;
  return { ...checked, chapters: await chaptersOf(family, object.sizeBytes, read) };
}

/**
 * Marks the text tracks that the encoder can read. Probe does not say it, and lists other data, such as timecodes, in the
 * same way. A request for a track of another kind would fail, so the numbers must agree.
 */
function withTimedText(probed: Probed | undefined, formats: string[]): Probed | undefined {
  const { media } = probed ?? {};
  if (!probed || !media?.text) return probed;
  const isTimedText = formats.filter((format) => format === "tx3g").length === media.text.length;
  return {
    ...probed,
    media: { ...media, text: media.text.map((one) => ({ ...one, isTimedText })) },
  };
}

/** The result of a probe, with the length that was found in another way. */
function withLength(probed: Probed | undefined, seconds?: number): Probed | undefined {
  if (!probed || seconds === undefined) return probed;
  const media = probed.media && { ...probed.media, durationSeconds: seconds };
  return { ...probed, durationSeconds: seconds, media };
}
