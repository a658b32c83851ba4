import { setTimeout } from "node:timers/promises";
import * as Actor from "../actor.ts";
import { resource } from "../resource.ts";
import * as Current from "../source/current.ts";
import { isImported, listOf } from "../source/import-filter.ts";
import type { CreatedObject } from "../source/object.ts";
import { removeSource, stateOf } from "../source/storage.ts";
import * as UploadRow from "../upload/row.ts";
import { attachFile, attachFiles } from "./attach.ts";
import { claim } from "./claim.ts";
import { inspectHead } from "./inspect.ts";
import { start } from "./start.ts";
import { supersede } from "./supersede.ts";

/** How long an empty object has to be replaced before it is rejected. */
const EMPTY_WAIT_MS = 2000;

/**
 * An object was created in the uploads bucket, by the dashboard or by any other tool: claims it, checks it, and submits
 * its job. Repeated events of one object create one job, and a job that stopped half-way continues. An object that was
 * replaced before Rushes read it is rejected as `source.missing`. One that was replaced later keeps its job (see
 * `supersede`). The newer object has an event, a sequencer and a job of its own. Other tools also leave objects that are
 * no footage, which make no job (see `isImported`). Captions files among them are added to the videos beside them.
 */
export async function receive(object: CreatedObject): Promise<void> {
  Actor.system();
  if (!(await becomesJob(object))) return attachFile(object);
  // Simultaneously, because a user is waiting. The first check takes one request and changes nothing.
  const [claimed, first] = await Promise.all([claim(object), inspectHead(object)]);
  if (claimed === undefined) return;
  if (claimed === "aborted") return removeSource(object);
  const { job, replaces } = claimed;
  if (job.status === "deleted") return removeSource(object);
  if (replaces !== undefined) await supersede(replaces, job, object);
  // A late event about bytes that another object replaced before they got a job.
  if (object.etag !== "" && job.source.etag !== object.etag) return;
  await Promise.all([attachFiles(job), job.status === "received" && start(job, first)]);
}

/** What somebody uploads with Rushes always becomes a job, and so does what replaces the source of a job. */
async function becomesJob(object: CreatedObject): Promise<boolean> {
  const { importPrefixes, importSuffixes } = resource().Settings;
  const filter = { prefixes: listOf(importPrefixes), suffixes: listOf(importSuffixes) };
  const isFootage = isImported(object, filter);
  if (isFootage && object.sizeBytes > 0) return true;
  const [upload, current] = await Promise.all([
    UploadRow.ofObject(object.bucket, object.key),
    Current.read(object),
  ]);
  if (upload !== undefined || current !== undefined) return true;
  if (!isFootage) return false;
  // File systems on S3 create each file empty before they write it.
  await setTimeout(EMPTY_WAIT_MS);
  return (await stateOf(object)) === "same";
}
