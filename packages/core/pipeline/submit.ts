import * as Encoder from "../encoder/client.ts";
import { createJobRequest } from "../encoder/request.ts";
import type { Failure } from "../job/failure.ts";
import { Row, read } from "../job/row.ts";
import { step } from "../job/timeline.ts";
import { move, touch } from "../job/transition.ts";
import * as Key from "../rendition/key.ts";
import { resource } from "../resource.ts";
import { scrub } from "../scrub.ts";
import type { Media } from "../source/schema.ts";
import * as Table from "../table/index.ts";
import { type Head, judge, look, url, type Verdict } from "./inspect.ts";

/**
 * Two deliveries of one event must not both ask the encoder. The lease need not outlive a submission:
 * whoever comes after it searches the encoder first, and within a minute the encoder's own token
 * answers with the job that is there.
 */
const LEASE_MS = 15_000;

/** Takes a received job on: checks its source, then rejects it or submits it. Safe to repeat. */
export async function proceed(row: Row, first = look(row.source)): Promise<void> {
  const head = await first;
  const verdict = head.ok ? await judge(row.source, head.value) : head;
  if (verdict.ok) await submit(row, verdict.value);
  else await reject(row, verdict.failure);
}

export type FirstLook = Promise<Verdict<Head>>;

async function reject(row: Row, failure: Failure): Promise<void> {
  const time = new Date().toISOString();
  await move({
    row,
    to: "rejected",
    set: { failure },
    with: [
      step({
        jobId: row.id,
        attempt: row.attempt,
        type: "job.rejected",
        time,
        detail: { reason: failure.type },
      }),
    ],
    notify: true,
  });
}

async function submit(row: Row, media: Media): Promise<void> {
  const now = Date.now();
  const time = new Date(now).toISOString();
  const [leased] = await Promise.all([
    Table.apply(
      touch(row, {
        set: { "source.media": media, submitLease: new Date(now + LEASE_MS).toISOString() },
        add: { submitTries: 1 },
        condition:
          "#status = :received AND (attribute_not_exists(#submitLease) OR #submitLease < :now)",
        values: { ":received": "received", ":now": time },
        now,
      }),
    ),
    Table.transact([step({ jobId: row.id, attempt: row.attempt, type: "source.checked", time })]),
  ]);
  // Another delivery is at it, or the job has moved on. If that one dies, reconcile finds the job.
  if (!leased) return;
  const mine = Row.parse(leased);
  const at = { jobId: mine.id, attempt: mine.attempt, sourceUrl: url(mine.source) };
  const existing = mine.submitTries > 1 ? await Encoder.find(at) : undefined;
  const answer = existing ? { encoderJobId: existing } : await Encoder.create(request(mine, media));
  if ("refused" in answer) await refuse(mine, answer.refused);
  else await markSubmitted(mine, answer.encoderJobId);
}

function request(row: Row, media: Media) {
  const { Transcode, Renditions } = resource();
  const safeName = Key.safeName(row.fileName);
  return createJobRequest({
    jobId: row.id,
    attempt: row.attempt,
    sourceUrl: url(row.source),
    destination: `s3://${Renditions.name}/${Key.folder(row.id, row.attempt, safeName)}`,
    safeName,
    hasAudio: media.audioCodec !== undefined,
    durationSeconds: media.durationSeconds,
    roleArn: Transcode.roleArn,
    queueArn: Transcode.queueArn,
  });
}

async function refuse(row: Row, message: string): Promise<void> {
  // The request's token, which the encoder's own logs have as well.
  const errorId = `${row.id}-${row.attempt}`;
  console.error(JSON.stringify({ failure: "encoder.refused", errorId, message: scrub(message) }));
  const failure: Failure = { type: "encoder.refused", errorId };
  const time = new Date().toISOString();
  await move({
    row,
    to: "error",
    set: { failure },
    with: [
      step({
        jobId: row.id,
        attempt: row.attempt,
        type: "job.error",
        time,
        detail: { reason: failure.type },
      }),
    ],
    notify: true,
  });
}

async function markSubmitted(row: Row, encoderJobId: string): Promise<void> {
  const time = new Date().toISOString();
  const submitted = step({ jobId: row.id, attempt: row.attempt, type: "job.submitted", time });
  const set = { encoderJobId, "time.submitted": time };
  if (await move({ row, to: "submitted", set, with: [submitted] })) return;
  // The encoder's first event was quicker than this write, or the job was canceled or deleted.
  if (await Table.transact([{ Update: touch(row, { set }) }, submitted])) {
    const current = await read(row.id);
    if (current?.status !== "canceled") return;
  }
  await Encoder.cancel(encoderJobId);
}
