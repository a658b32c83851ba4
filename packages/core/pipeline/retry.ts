import { VisibleError } from "../error.ts";
import type { JobId } from "../id.ts";
import { nextAttempt } from "../job/attempt.ts";
import { record, requireReachable, wrongState } from "../job/reach.ts";
import type { Row } from "../job/row.ts";
import type { Listed } from "../job/schema.ts";
import { listed } from "../job/serialize.ts";
import { isTerminal } from "../job/status.ts";
import { step } from "../job/timeline.ts";
import * as Profiles from "../profiles.ts";
import { stateOf } from "../source/storage.ts";
import * as Table from "../table/index.ts";
import { start } from "./start.ts";

/**
 * Starts another attempt of a job that has ended, under new keys, with another profile if one is given. Renditions that exist keep playing until
 * the new attempt is complete. Throws `job.not_found`, `job.state` while an attempt is running, and
 * `job.source_replaced` or `job.source_missing` if the bucket no longer has the source: another attempt
 * could only fail, or encode other bytes. Throws `profile.unknown`.
 */
export async function retry(id: JobId, profile?: string): Promise<Listed> {
  const row = await requireReachable(id, "manage");
  Profiles.assertKnown(profile);
  if (!isTerminal(row.status))
    throw wrongState(
      "The video is still being processed. Wait until it ends, or cancel it, before you retry it.",
    );
  await requireSource(row);
  const now = Date.now();
  const time = new Date(now).toISOString();
  const { attempt, write } = nextAttempt(row, {
    from: [row.status],
    automatic: false,
    profile,
    now,
  });
  const retried = step({ jobId: row.id, attempt, type: "job.retried", time });
  if (!(await Table.transact([write, retried]))) {
    throw wrongState("The video has just changed. Reload the page, then try again.");
  }
  await record("job.retried", row);
  // The attempt is recorded. If its submission fails now, reconcile continues it.
  const next = await requireReachable(id, "manage");
  await start(next).catch(() => undefined);
  return listed(await requireReachable(id, "manage"));
}

/** Throws `job.source_replaced`, `job.source_missing`. */
async function requireSource({ source }: Row): Promise<void> {
  const state = source.replaced ? "replaced" : await stateOf(source);
  if (state === "replaced") {
    throw new VisibleError(
      "conflict",
      "job.source_replaced",
      "The source of this video was replaced in the bucket, so it cannot be encoded again. Existing renditions keep playing.",
    );
  }
  if (state === "missing") {
    throw new VisibleError(
      "conflict",
      "job.source_missing",
      "The source of this video is no longer in the bucket, so it cannot be encoded again. Upload the file again.",
    );
  }
}
