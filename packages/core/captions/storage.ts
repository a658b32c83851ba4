/** The files of captions in the renditions bucket. */
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { CaptionsId, JobId } from "../id.ts";
import { resource } from "../resource.ts";
import { s3 } from "../storage.ts";
import { captionsKey } from "./key.ts";

const objectOf = (jobId: JobId, id: CaptionsId) => ({
  Bucket: resource().Renditions.name,
  Key: captionsKey(jobId, id),
});

export async function storeFile(jobId: JobId, id: CaptionsId, vtt: string): Promise<void> {
  const ContentType = "text/vtt; charset=utf-8";
  await s3.send(new PutObjectCommand({ ...objectOf(jobId, id), Body: vtt, ContentType }));
}

export async function removeFile(jobId: JobId, id: CaptionsId): Promise<void> {
  await s3.send(new DeleteObjectCommand(objectOf(jobId, id)));
}
