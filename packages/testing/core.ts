import { SearchJobsCommand } from "@aws-sdk/client-mediaconvert";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { JobId } from "@rushes/core/id";
import { NOTIFIED } from "@rushes/core/job/status";
import { afterAll } from "vitest";
import { type EmittedEvent, isObject, message, streamRecord } from "./events.ts";
import { OWNER } from "./owner.ts";
import { type SettingChanges, type Stack, startStack } from "./stack.ts";

async function loadFunctions() {
  const [source, rendition, transcode, changed, feedback, reconcile] = await Promise.all([
    import("@rushes/functions/source-created"),
    import("@rushes/functions/rendition-created"),
    import("@rushes/functions/transcode-changed"),
    import("@rushes/functions/job-changed"),
    import("@rushes/functions/mail-feedback"),
    import("@rushes/functions/reconcile"),
  ]);
  return { source, rendition, transcode, changed, feedback, reconcile };
}

async function loadModules() {
  const [job, retry, remove, upload, playback, actor, storage, encoder, table] = await Promise.all([
    import("@rushes/core/job/index"),
    import("@rushes/core/pipeline/retry"),
    import("@rushes/core/pipeline/remove"),
    import("@rushes/core/upload/index"),
    import("@rushes/core/playback/index"),
    import("@rushes/core/actor"),
    import("@rushes/core/storage"),
    import("@rushes/core/encoder/client"),
    import("@rushes/core/table/index"),
  ]);
  const asOwner = <R>(run: () => R) => actor.withActor(OWNER, run);
  /** An owner's operations on a job. */
  const requests = { ...job, ...retry, ...remove };
  return { job: requests, upload, playback, storage, encoder, table, asOwner };
}

/** Imports core and the functions. Call it after `startStack`: they read the environment. */
export async function loadCore() {
  const [functions, core] = await Promise.all([loadFunctions(), loadModules()]);
  const { job, storage, encoder, table, asOwner } = core;
  const deliverRecord = async (
    { handler }: typeof functions.source | typeof functions.rendition,
    body: string,
  ) => failIfReturned(await handler({ Records: [message(body)] }));
  return {
    ...core,
    reconcile: functions.reconcile.handler,
    id: (text: string) => JobId.parse(text),
    /** Invokes the event's function. Throws if the function fails. */
    async deliver(event: EmittedEvent): Promise<void> {
      if ("mail" in event) return functions.feedback.handler(event.mail);
      if ("bus" in event) return functions.transcode.handler(event.bus);
      const { source, rendition } = functions;
      return deliverRecord(event.queue === "source-created" ? source : rendition, event.body);
    },
    /** Invokes job-changed with a job's row, if the stream's filter accepts the row. */
    async notify(jobId: string): Promise<void> {
      const row = await table.get(table.key.job(jobId));
      if (!row || !NOTIFIED.some((status) => status === row.status)) return;
      failIfReturned(await functions.changed.handler({ Records: [streamRecord(row)] }));
    },
    /** Puts an object, as another program would, and returns the event that S3 emits for it. */
    async put(stack: Stack, key: string, body: Uint8Array): Promise<EmittedEvent> {
      const count = stack.events.length;
      await storage.s3.send(
        new PutObjectCommand({ Bucket: "rushes-uploads", Key: key, Body: body }),
      );
      const encoded = encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");
      const matches = isObject("source-created", `"${encoded}"`);
      return stack.event((event) => stack.events.indexOf(event) >= count && matches(event));
    },
    /** The owner's only job whose title has these words. */
    async only(title: string) {
      const { jobs } = await asOwner(() => job.list({ q: title }));
      const [first, second] = jobs;
      if (!first || second) throw new Error(`${jobs.length} jobs are called ${title}.`);
      return first;
    },
    /** The encoder's jobs that were submitted for a job. */
    async encoderJobs(jobId: string) {
      const { Jobs = [] } = await encoder.encoder.send(new SearchJobsCommand({ MaxResults: 20 }));
      return Jobs.filter((one) => one.UserMetadata?.jobId === jobId);
    },
  };
}
export type Core = Awaited<ReturnType<typeof loadCore>>;

/** Starts the services for one test file, and stops them after its last test. Call it at the top level of the file. */
export async function startCore(settings?: SettingChanges) {
  const stack = await startStack(settings);
  afterAll(() => stack.close());
  return { stack, core: await loadCore() };
}

function failIfReturned({ batchItemFailures }: { batchItemFailures: unknown[] }): void {
  if (batchItemFailures.length > 0) throw new Error("The function returned the record as failed.");
}
