import * as Encoder from "../encoder/client.ts";
import { transcodeSource } from "../encoder/request/source.ts";
import { createJobRequest } from "../encoder/request.ts";
import { measureRow } from "../job/measure.ts";
import { Row, read } from "../job/row.ts";
import { stepOf } from "../job/timeline.ts";
import { patch, transition } from "../job/transition.ts";
import * as Profiles from "../profiles.ts";
import * as Key from "../rendition/key.ts";
import { labelsOf } from "../rendition/profile.ts";
import { resource } from "../resource.ts";
import { scrub } from "../scrub.ts";
import type { Media } from "../source/schema.ts";
import { s3Url } from "../source/storage.ts";
import * as Table from "../table/index.ts";
import { fail } from "./finish.ts";
import type { Content } from "./inspect.ts";

/**
 * Two deliveries of one event must not both submit. The lease need not outlive a submission: the next
 * holder searches the encoder first, and within a minute the encoder's request token returns the existing
 * job.
 */
const LEASE_MS = 15_000;

/** Submits the current attempt to the encoder, unless another process does. Safe to repeat. */
export async function submit(row: Row, content: Content): Promise<void> {
  const { media } = content;
  const leased = await lease(row, content);
  // Another delivery submits it, or the job has changed. If that process dies, reconcile finds the job.
  if (!leased) return;
  const attempt = { jobId: leased.id, attempt: leased.attempt, sourceUrl: s3Url(leased.source) };
  const existing = leased.submitTries > 1 ? await Encoder.find(attempt) : undefined;
  const result = existing
    ? { encoderJobId: existing }
    : await Encoder.create(requestFor(leased, media));
  if ("rejection" in result) await failSettings(leased, result.rejection);
  else await markSubmitted(leased, result.encoderJobId);
}

async function lease(row: Row, { media, checksum, chapters }: Content): Promise<Row | undefined> {
  const profile = Profiles.find(row.profile);
  const now = Date.now();
  const time = new Date(now).toISOString();
  const [leased] = await Promise.all([
    Table.apply(
      patch(row, {
        set: {
          "source.media": media,
          "source.checksum": checksum,
          chapters,
          profile: profile.name,
          expected: labelsOf(profile, media.width !== undefined),
          submitLease: new Date(now + LEASE_MS).toISOString(),
        },
        add: { submitTries: 1 },
        condition:
          "#status = :received AND (attribute_not_exists(#submitLease) OR #submitLease < :now)",
        values: { ":received": "received", ":now": time },
        now,
      }),
    ),
    Table.transact([
      stepOf(row, "source.checked"),
      Table.put(measureRow({ ...row, source: { ...row.source, media } }, "length")),
    ]),
  ]);
  return leased && Row.parse(leased);
}

function requestFor(row: Row, media: Media) {
  const { Transcode, Renditions } = resource();
  const safeName = Key.safeName(row.fileName);
  return createJobRequest({
    jobId: row.id,
    attempt: row.attempt,
    sourceUrl: s3Url(row.source),
    destination: `s3://${Renditions.name}/${Key.folder(row.id, row.attempt, safeName)}`,
    safeName,
    profile: Profiles.find(row.profile),
    source: transcodeSource(media),
    roleArn: Transcode.roleArn,
    queueArn: Transcode.queueArn,
  });
}

async function failSettings(row: Row, message: string): Promise<void> {
  // The request's token, which is also in the encoder's own logs.
  const errorId = `${row.id}-${row.attempt}`;
  console.error(JSON.stringify({ failure: "encoder.refused", errorId, message: scrub(message) }));
  await fail(row, { type: "encoder.refused", errorId });
}

async function markSubmitted(row: Row, encoderJobId: string): Promise<void> {
  const submitted = stepOf(row, "job.submitted");
  const set = { encoderJobId, "time.submitted": new Date().toISOString() };
  if (await transition({ row, to: "submitted", set, with: [submitted] })) return;
  // The encoder's first event was faster than this write, or the job was canceled or deleted.
  if (await Table.transact([{ Update: patch(row, { set }) }, submitted])) {
    const current = await read(row.id);
    if (current?.status !== "canceled") return;
  }
  await Encoder.cancel(encoderJobId);
}
