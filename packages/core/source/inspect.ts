import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Failure } from "../job/failure.ts";
import { resource } from "../resource.ts";
import { isMissing, s3, statusOf } from "../storage.ts";
import { type Probed, probe } from "../transcode/probe.ts";
import { type Family, familyOf } from "./magic.ts";
import { bareEtag } from "./object.ts";
import type { Media } from "./schema.ts";
import { isWhole, type Read } from "./whole.ts";

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
  return { ok: true, value: { family, bytes } };
}

/** The second look: is the file whole, and does it hold a video that is not too long? */
export async function judge(place: Place, head: Head): Promise<Verdict<Media>> {
  const [probed, whole] = await Promise.all([
    probe(url(place)),
    isWhole(head.family, place.sizeBytes, reader(place, head.bytes)),
  ]);
  // Before the probe's word: of a file that is cut off, a prober only says that it cannot read it.
  if (!whole) return refuse({ type: "source.truncated" });
  return verdictOf(probed, resource().Settings.maxDurationSeconds);
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

function reader(place: Place, head: Uint8Array): Read {
  return async (offset, length) => {
    const end = Math.min(offset + length, place.sizeBytes);
    if (end <= head.length) return head.subarray(offset, end);
    return (await range(place, offset, end - offset)) ?? new Uint8Array();
  };
}
