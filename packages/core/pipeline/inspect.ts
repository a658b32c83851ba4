import { GetObjectCommand } from "@aws-sdk/client-s3";
import { type Probed, probe } from "../encoder/probe.ts";
import type { Failure } from "../job/failure.ts";
import { resource } from "../resource.ts";
import { isEncrypted } from "../source/encrypted.ts";
import { unstatedSeconds } from "../source/length.ts";
import { exceeded } from "../source/limits.ts";
import { type Family, familyOf } from "../source/magic.ts";
import { bareEtag } from "../source/object.ts";
import type { Media } from "../source/schema.ts";
import { isWhole, type Read } from "../source/whole.ts";
import { isMissing, s3, statusOf } from "../storage.ts";

export interface Place {
  bucket: string;
  key: string;
  sizeBytes: number;
  etag: string;
}

export type Verdict<T> = { ok: true; value: T } | { ok: false; failure: Failure };
export interface Head {
  family: Family;
  bytes: Uint8Array;
}

/** Enough for the magic bytes and, in most files, for the first boxes. */
const HEAD_BYTES = 64 * 1024;

/** `s3://bucket/key`, the key as it is. */
export function url(place: { bucket: string; key: string }): string {
  return `s3://${place.bucket}/${place.key}`;
}

/**
 * The first look, one request: is the object still the one that its event told of, is its size within
 * the settings, and is it a container that we accept?
 */
export async function look(place: Place): Promise<Verdict<Head>> {
  const limitBytes = resource().Settings.maxSizeBytes;
  if (place.sizeBytes === 0) return refuse({ type: "source.empty" });
  if (place.sizeBytes > limitBytes) {
    return refuse({ type: "source.too_large", sizeBytes: place.sizeBytes, limitBytes });
  }
  const bytes = await range(place, 0, HEAD_BYTES);
  if (!bytes) return refuse({ type: "source.missing" });
  const family = familyOf(bytes);
  if (!family) return refuse({ type: "source.not_media" });
  if (family === "audio") return refuse({ type: "source.audio_only" });
  if (family === "picture") return refuse({ type: "source.picture", animated: false });
  if (family === "animated-picture") return refuse({ type: "source.picture", animated: true });
  return { ok: true, value: { family, bytes } };
}

/** The second look: is the file whole, and does it hold a video that is not too long? */
export async function judge(place: Place, head: Head): Promise<Verdict<Media>> {
  const read = reader(place, head.bytes);
  const [probed, whole, encrypted] = await Promise.all([
    probe(url(place)),
    isWhole(head.family, place.sizeBytes, read),
    isEncrypted(head.family, place.sizeBytes, head.bytes, read),
  ]);
  // Both fail as well on an object that was removed or replaced while they read it.
  if ((!probed || !whole) && !(await range(place, 0, 1))) return refuse({ type: "source.missing" });
  // Before the probe's word: of a file that is cut off, a prober only says that it cannot read it.
  if (!whole) return refuse({ type: "source.truncated" });
  // A prober reads the headers and finds a video that nobody can decode.
  if (encrypted) return refuse({ type: "source.encrypted" });
  const settings = resource().Settings;
  const isUnstated = probed?.durationSeconds === 0;
  const seconds = isUnstated
    ? await unstatedSeconds(head.family, place.sizeBytes, head.bytes, read)
    : undefined;
  const verdict = verdictOf(withLength(probed, seconds), settings.maxDurationSeconds);
  const over = verdict.ok && exceeded(verdict.value, place.sizeBytes, settings);
  return over ? refuse(over) : verdict;
}

/** A probe's answer with the length that was found otherwise. */
export function withLength(probed: Probed | undefined, seconds?: number): Probed | undefined {
  if (!probed || seconds === undefined) return probed;
  const { media } = probed;
  return {
    ...probed,
    durationSeconds: seconds,
    ...(media && { media: { ...media, durationSeconds: seconds } }),
  };
}

/** What a probe's answer means for a job. */
export function verdictOf(probed: Probed | undefined, limitSeconds: number): Verdict<Media> {
  if (!probed) return refuse({ type: "source.not_media" });
  if (probed.videoTracks === 0) {
    return refuse({ type: probed.audioTracks > 0 ? "source.audio_only" : "source.no_video" });
  }
  if (!probed.media) return refuse({ type: "source.no_video" });
  if (probed.durationSeconds > limitSeconds) {
    const { durationSeconds } = probed;
    return refuse({ type: "source.too_long", durationSeconds, limitSeconds });
  }
  return { ok: true, value: probed.media };
}

function refuse(failure: Failure): { ok: false; failure: Failure } {
  return { ok: false, failure };
}

/** Bytes of exactly this object; undefined when it is gone or another has taken its key. */
async function range(
  place: Place,
  offset: number,
  length: number,
): Promise<Uint8Array | undefined> {
  try {
    const answer = await s3.send(
      new GetObjectCommand({
        Bucket: place.bucket,
        Key: place.key,
        Range: `bytes=${offset}-${offset + length - 1}`,
      }),
    );
    // Not If-Match: we compare ourselves, so that both homes and both forms of ETag do the same.
    const same = place.etag === "" || bareEtag(answer.ETag ?? "") === place.etag;
    const bytes = await answer.Body?.transformToByteArray();
    return same ? bytes : undefined;
  } catch (error) {
    // 416 as well: a shorter object has taken the key.
    if (isMissing(error) || statusOf(error) === 416) return undefined;
    throw error;
  }
}

/** Headers are read some KiB at a time, so that what is inside them needs no request of its own. */
const BLOCK_BYTES = 16 * 1024;

function reader(place: Place, head: Uint8Array): Read {
  const blocks = new Map<number, Promise<Uint8Array>>([[0, Promise.resolve(head)]]);
  return async (offset, length) => {
    const end = Math.min(offset + length, place.sizeBytes);
    for (const [from, block] of blocks) {
      const bytes = offset >= from ? await block : undefined;
      if (bytes && end <= from + bytes.length) return bytes.subarray(offset - from, end - from);
    }
    const wanted = Math.min(Math.max(length, BLOCK_BYTES), place.sizeBytes - offset);
    const block = range(place, offset, wanted).then((bytes) => bytes ?? new Uint8Array());
    blocks.set(offset, block);
    return (await block).subarray(0, end - offset);
  };
}
