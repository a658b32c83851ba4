import type { Row } from "../job/row.ts";
import { stepOf } from "../job/timeline.ts";
import { transition } from "../job/transition.ts";
import * as Profiles from "../profiles.ts";
import type { Rejection } from "../source/rejection.ts";
import { type HeadCheck, inspectContent, inspectHead } from "./inspect.ts";
import { submit } from "./submit.ts";

/** Starts an attempt of a received job: checks its source, then rejects or submits it. Safe to repeat. */
export async function start(row: Row, first?: HeadCheck): Promise<void> {
  const checked = first ?? (await inspectHead(row.source));
  if (checked.rejection) return reject(row, checked.rejection);
  const content = await inspectContent(row.source, checked.head);
  if (content.rejection) return reject(row, content.rejection);
  const isSilent = content.media.audioCodec === undefined;
  if (isSilent && !Profiles.find(row.profile).picture) {
    return reject(row, { type: "source.no_audio" });
  }
  await submit(row, content);
}

async function reject(row: Row, failure: Rejection): Promise<void> {
  const rejected = stepOf(row, "job.rejected", { reason: failure.type });
  // What somebody put into the bucket with another tool may be a whole disk. The list shows what was rejected.
  const notify = row.uploadId !== undefined || row.attempt > 1;
  await transition({ row, to: "rejected", set: { failure }, with: [rejected], notify });
}
