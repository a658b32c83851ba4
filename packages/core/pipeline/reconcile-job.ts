import * as Encoder from "../encoder/client.ts";
import { type EncoderUpdate, updateOf, warningsOf } from "../encoder/update.ts";
import { dueTime, MAX_TRIES, nextTry, parse, type Row, read } from "../job/row.ts";
import * as Key from "../rendition/key.ts";
import { resource } from "../resource.ts";
import { removePrefix } from "../storage.ts";
import * as Table from "../table/index.ts";
import { fail } from "./finish.ts";
import { applyUpdate } from "./progress.ts";
import { start } from "./start.ts";

/** Continues a job that is due, by its status. */
export async function reconcileJob(stored: Table.Row): Promise<void> {
  // The index may be behind the table.
  const job = await read(parse(stored).id);
  if (!job || job.status === "deleted") return;
  switch (job.status) {
    case "received":
      return startAgain(job);
    case "submitted":
    case "progressing":
    case "checking":
      return pollEncoder(job);
    case "canceled":
      if (job.encoderJobId !== undefined) await Encoder.cancel(job.encoderJobId);
      return removeStream(job);
    case "error":
      return removeStream(job);
    default:
      return clearDue(job);
  }
}

/**
 * Starts an attempt that its event did not start, a limited number of times. The try is counted first, so
 * that an attempt that kills its process counts too.
 */
async function startAgain(job: Row): Promise<void> {
  if (job.startTries >= MAX_TRIES) return fail(job, { type: "encoder.unavailable" });
  const counted = await updateUnchanged(job, {
    set: Table.index.due("job", job.id, nextTry(job.startTries, Date.now())),
    add: { startTries: 1 },
  });
  if (counted) await start(job);
}

/** Reads the status of a job from the encoder, which has sent no event about it. */
async function pollEncoder(job: Row): Promise<void> {
  const found = job.encoderJobId === undefined ? undefined : await Encoder.get(job.encoderJobId);
  if (!found) return fail(job, { type: "encoder.lost" });
  const warnings = warningsOf(found);
  if (warnings) await applyUpdate(warnings);
  const update = updateOf(found);
  if (update?.type === "complete") return completeAgain(job, update);
  if (update) await applyUpdate(update);
  // Even without an update, the encoder knows the job: it waits or runs.
  const due = dueTime(job.status, Date.now());
  if (due !== undefined) await updateUnchanged(job, { set: Table.index.due("job", job.id, due) });
}

/** Completes an attempt that its event did not complete, a limited number of times, counted like those to start. */
async function completeAgain(job: Row, update: EncoderUpdate): Promise<void> {
  const { finishTries = 0 } = job;
  if (finishTries >= MAX_TRIES) return fail(job, { type: "encoder.unreadable" });
  const counted = await updateUnchanged(job, {
    set: Table.index.due("job", job.id, nextTry(finishTries, Date.now())),
    add: { finishTries: 1 },
  });
  if (counted) await applyUpdate(update);
}

/** Deletes the unfinished stream of an attempt that has ended: a URL that was signed before must not play it. */
async function removeStream(job: Row): Promise<void> {
  const folder = Key.hlsFolder(job.id, job.attempt, Key.safeName(job.fileName));
  await removePrefix(resource().Renditions.name, folder);
  await clearDue(job);
}

async function clearDue(job: Row): Promise<void> {
  await updateUnchanged(job, { remove: ["duePk", "dueSk"] });
}

/** Updates the row if its attempt and status have not changed since it was read. */
function updateUnchanged(
  job: Row,
  change: { set?: Table.Row; add?: Table.Row; remove?: string[] },
): Promise<Table.Row | undefined> {
  return Table.apply(
    Table.update({
      key: Table.key.job(job.id),
      ...change,
      condition: "#attempt = :attempt AND #status = :status",
      values: { ":attempt": job.attempt, ":status": job.status },
    }),
  );
}
