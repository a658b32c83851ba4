import * as Actor from "../actor.ts";
import type { CreatedObject } from "../source/object.ts";
import { removeSource } from "../source/storage.ts";
import { claim } from "./claim.ts";
import { inspectHead } from "./inspect.ts";
import { start } from "./start.ts";
import { supersede } from "./supersede.ts";

/**
 * An object was created in the uploads bucket, by the dashboard or by any other tool: claims it, checks it, and submits
 * its job. Repeated events of one object create one job, and a job that stopped half-way continues. An object that was
 * replaced before Rushes read it is rejected as `source.missing`. One that was replaced later keeps its job (see
 * `supersede`). The newer object has an event, a sequencer and a job of its own.
 */
export async function receive(object: CreatedObject): Promise<void> {
  Actor.system();
  // Consoles create folders as empty objects whose key ends with a slash.
  if (object.key.endsWith("/") && object.sizeBytes === 0) return;
  // Simultaneously, because a user is waiting. The first check takes one request and changes nothing.
  const [claimed, first] = await Promise.all([claim(object), inspectHead(object)]);
  if (claimed === undefined) return;
  if (claimed === "aborted") return removeSource(object);
  const { job, replaces } = claimed;
  if (job.status === "deleted") return removeSource(object);
  if (replaces !== undefined) await supersede(replaces, job, object);
  // A late event about bytes that another object replaced before they got a job.
  if (object.etag !== "" && job.source.etag !== object.etag) return;
  if (job.status !== "received") return;
  await start(job, first);
}
