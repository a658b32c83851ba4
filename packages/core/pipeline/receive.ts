import { DeleteObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import * as Actor from "../actor.ts";
import { bareEtag, type Created } from "../source/object.ts";
import { isMissing, s3 } from "../storage.ts";
import { claim } from "./claim.ts";
import { look } from "./inspect.ts";
import { proceed } from "./submit.ts";
import { supersede } from "./supersede.ts";

export { parse } from "../source/object.ts";
export { Media, Source as Info } from "../source/schema.ts";

/**
 * An object was created in the uploads bucket, by a browser of ours or by any other tool: claims it,
 * checks it, and submits its job. The same event any number of times makes one job; one that stopped
 * half-way goes on. An object that was replaced before we looked is rejected as `source.missing`. One
 * that was replaced later keeps its job: see `supersede`. The newer one has an event, a sequencer and a
 * job of its own.
 */
export async function receive(object: Created): Promise<void> {
  Actor.system();
  // Consoles make folders as empty objects with a slash at the end.
  if (object.key.endsWith("/") && object.sizeBytes === 0) return;
  // Both at once, because a viewer waits; the first look costs one request and changes nothing.
  const [claimed, first] = await Promise.all([claim(object), look(object)]);
  if (claimed === undefined) return;
  if (claimed === "aborted") return removeSource(object);
  const { job, replaces } = claimed;
  if (job.status === "deleted") return removeSource(object);
  if (replaces !== undefined) await supersede(replaces, job, object);
  // A late event of bytes that another object had replaced before they got a job.
  if (object.etag !== "" && job.source.etag !== object.etag) return;
  if (job.status !== "received") return;
  await proceed(job, Promise.resolve(first));
}

/** Removes a source, unless another object has taken its key since. */
export async function removeSource(source: {
  bucket: string;
  key: string;
  etag: string;
}): Promise<void> {
  const place = { Bucket: source.bucket, Key: source.key };
  try {
    const head = await s3.send(new HeadObjectCommand(place));
    if (source.etag !== "" && bareEtag(head.ETag ?? "") !== source.etag) return;
    await s3.send(new DeleteObjectCommand(place));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
