/** Which jobs a caller may read and change, and the errors for all others. */
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import type { JobId } from "../id.ts";
import { type Row, read, type Tombstone } from "./row.ts";

/** A token needs one of them. */
type Scopes = Parameters<typeof Actor.owner>;

/** The current job of this id, if the caller may access it. Throws `job.not_found`. */
export async function requireReachable(id: JobId, ...scopes: Scopes): Promise<Row> {
  const row = await requireKnown(id, ...scopes);
  if (row.status === "deleted") throw notFound();
  return row;
}

/** The same for a job that may have been deleted. */
export async function requireKnown(id: JobId, ...scopes: Scopes): Promise<Row | Tombstone> {
  const actor = Actor.owner(...scopes);
  const row = await read(id);
  if (!row || !Actor.reaches(actor, row.ownerId)) throw notFound();
  return row;
}

/** Records the owner too: an admin may be the actor, and the job may be deleted by then. */
export function record(action: Audit.Action, row: Row): Promise<void> {
  return Audit.record({ action, target: row.id, detail: { owner: row.ownerId } });
}

export function notFound(): VisibleError {
  return new VisibleError("not_found", "job.not_found", "There is no such video.");
}

export function wrongState(message: string): VisibleError {
  return new VisibleError("conflict", "job.state", message);
}
