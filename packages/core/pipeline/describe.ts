import { probe } from "../encoder/probe.ts";
import type { Info } from "../rendition/schema.ts";
import { checksumOf, headOf } from "../storage.ts";
import { describeStream } from "./describe-stream.ts";

/** What a rendition in the bucket contains. Undefined if it does not exist. */
export async function describe(
  bucket: string,
  key: string,
  attempt: number,
  file: Pick<Info, "label" | "kind">,
): Promise<Info | undefined> {
  if (file.kind === "hls") return describeStream(bucket, key, attempt);
  const [head, probed] = await Promise.all([
    headOf({ bucket, key }, "ENABLED"),
    file.kind === "mp4" || file.kind === "audio" ? probe(`s3://${bucket}/${key}`) : undefined,
  ]);
  if (!head) return undefined;
  const media = probed?.media;
  return {
    label: file.label,
    kind: file.kind,
    attempt,
    key,
    sizeBytes: head.ContentLength ?? 0,
    checksum: checksumOf(head),
    container: media?.container,
    videoCodec: media?.videoCodec,
    videoProfile: probed?.videoProfile,
    audioCodec: media?.audioCodec,
    width: media?.width,
    height: media?.height,
    bitRate: media?.bitRate,
    frameRate: media?.frameRate,
    durationSeconds: probed?.durationSeconds,
    // Not LastModified: it has whole seconds, so it could sort before an earlier timeline step.
    time: { landed: new Date().toISOString() },
  };
}
