import * as Actor from "../actor.ts";
import { warningOf } from "../encoder/failure.ts";
import type { EncoderUpdate } from "../encoder/update.ts";
import { dueTime, type Row, read } from "../job/row.ts";
import { isTerminal } from "../job/status.ts";
import { stepOf } from "../job/timeline.ts";
import { patch, transition } from "../job/transition.ts";
import * as Table from "../table/index.ts";
import { complete, fail, reported } from "./finish.ts";
import { warn } from "./warn.ts";

/**
 * Applies what the encoder reports about an attempt. An update about an older attempt, a deleted job or
 * an ended one changes nothing, so events may come late, twice and in any order.
 */
export async function applyUpdate(update: EncoderUpdate): Promise<void> {
  Actor.system();
  const job = await read(update.jobId);
  if (!job || job.status === "deleted") return;
  if (job.attempt !== update.attempt) return;
  // A warning may arrive after the end of its attempt.
  if (update.type === "warning") {
    return warn(
      job,
      update.codes.map(warningOf).filter((one) => one !== undefined),
    );
  }
  if (isTerminal(job.status)) return;
  switch (update.type) {
    case "progress":
      return progress(job, update);
    case "waiting":
      return wait(job, update.for);
    case "complete":
      return complete(job, update);
    case "error":
      return fail(job, reported(update));
    case "canceled":
      await transition({ row: job, to: "canceled", with: [stepOf(job, "job.canceled")] });
      return;
    default:
      return update satisfies never;
  }
}

/** Records that the encoder waits. Its next progress clears that. */
async function wait(job: Row, reason: "disk"): Promise<void> {
  const { condition, values } = Table.oneOf("status", ["submitted", "progressing"]);
  await Table.transact([
    { Update: patch(job, { set: { waiting: reason }, condition, values }) },
    stepOf(job, "encoder.waiting", { reason }),
  ]);
}

async function progress(
  job: Row,
  update: { percent: number; encoderJobId: string; moves?: true },
): Promise<void> {
  if (update.moves && job.waiting) await Table.apply(patch(job, { remove: ["waiting"] }));
  // Only a complete job has 100 percent.
  const percent = Math.min(99, Math.max(0, Math.floor(update.percent)));
  const now = Date.now();
  if (job.status !== "progressing") {
    const set = {
      progressPercent: Math.max(percent, job.progressPercent),
      encoderJobId: update.encoderJobId,
      "time.started": new Date(now).toISOString(),
    };
    const started = stepOf(job, "encoder.started");
    if (await transition({ row: job, to: "progressing", set, with: [started], now })) return;
  }
  const due = dueTime("progressing", now);
  await Table.apply(
    patch(job, {
      set: {
        progressPercent: percent,
        ...(due === undefined ? {} : Table.index.due("job", job.id, due)),
      },
      condition: "#status = :progressing AND #progressPercent < :percent",
      values: { ":progressing": "progressing", ":percent": percent },
      now,
    }),
  );
}
