/** The picture that a person chooses as the poster of a video. */
import { randomUUID } from "node:crypto";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { JobId } from "../id.ts";
import { record, requireReachable } from "../job/reach.ts";
import type { Row } from "../job/row.ts";
import type { Listed } from "../job/schema.ts";
import { listed } from "../job/serialize.ts";
import { patch } from "../job/transition.ts";
import { resource } from "../resource.ts";
import { s3 } from "../storage.ts";
import * as Table from "../table/index.ts";
import * as Usage from "../usage/index.ts";
import { check } from "./jpeg.ts";

/**
 * Makes a JPEG the poster of one of the caller's videos. It stays when the video is encoded again, and counts as usage.
 * Throws `job.not_found`, `poster.invalid` and `request.too_large`.
 */
export async function choose(input: { jobId: JobId; file: Uint8Array }): Promise<Listed> {
  const job = await requireReachable(input.jobId, "manage");
  check(input.file);
  const chosen = { key: newKey(job.id), sizeBytes: input.file.length };
  // Before the row, so that no job names a picture that does not exist.
  await s3.send(
    new PutObjectCommand({
      ...objectOf(chosen.key),
      Body: input.file,
      ContentType: "image/jpeg",
    }),
  );
  if (!(await replace(job, chosen))) {
    // The job was changed or deleted in the meantime. The next call chooses it or throws.
    await s3.send(new DeleteObjectCommand(objectOf(chosen.key)));
    return choose(input);
  }
  return finish(job, "poster.chosen");
}

/** Removes the chosen poster, so that the one that was made with the renditions is used. Throws `job.not_found`. */
export async function reset(jobId: JobId): Promise<Listed> {
  const job = await requireReachable(jobId, "manage");
  if (!job.chosenPoster) return listed(job);
  if (!(await replace(job, undefined))) return reset(jobId);
  return finish(job, "poster.reset");
}

async function finish(job: Row, action: "poster.chosen" | "poster.reset"): Promise<Listed> {
  const { chosenPoster } = job;
  if (chosenPoster) await s3.send(new DeleteObjectCommand(objectOf(chosenPoster.key)));
  await record(action, job);
  return listed(await requireReachable(job.id, "manage"));
}

/** Writes the choice and the bytes that it adds. Returns false if the job or its poster has changed. */
function replace(job: Row, chosen: Row["chosenPoster"]): Promise<boolean> {
  const before = job.chosenPoster;
  const bytes = (chosen?.sizeBytes ?? 0) - (before?.sizeBytes ?? 0);
  const update = patch(job, {
    set: { chosenPoster: chosen },
    remove: chosen ? [] : ["chosenPoster"],
    add: { addedBytes: bytes },
    condition: before ? "#chosenPoster.#key = :before" : "attribute_not_exists(#chosenPoster)",
    ...(before && { values: { ":before": before.key } }),
  });
  return Table.transact([{ Update: update }, Usage.write(job.ownerId, { openUploads: 0, bytes })]);
}

/**
 * Outside the folders of attempts, because a chosen poster stays when a video is encoded again. Each choice has
 * another key, because browsers cache a picture by its URL. No notification has the suffix.
 */
const newKey = (jobId: JobId) => `media/${jobId}/posters/${randomUUID()}.jpg`;

const objectOf = (Key: string) => ({ Bucket: resource().Renditions.name, Key });
