/**
 * `npm run invoke -- FUNCTION EVENT.json [--exact]` runs one handler in this process against the running stack, as
 * Lambda would. For an S3 event, it stores a small sample under the event's key, without sending another event, and
 * sets the sample's size and ETag in the event. It also sets a new sequencer and time, so that the event counts as new.
 * With `--exact` it keeps them, as in a repeated event.
 */
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { handlerContext, sqsEvent } from "@rushes/aws-local/lambda/envelope";
import { REGION } from "@rushes/aws-local/wire/account";
import { CliError } from "@rushes/core/cli-error";
import { type Wiring, wiring } from "@rushes/core/wiring";
import * as z from "zod";
import { readRun } from "../run.ts";
import { loadSettings, type Settings } from "../settings/index.ts";
import { parseCommand, ROOT, runCommand } from "./command.ts";

const USAGE = "Usage: npm run invoke -- source-created packages/functions/events/s3-put.json";

const S3Event = z.object({
  Records: z
    .array(
      z.looseObject({
        eventSource: z.literal("aws:s3"),
        eventTime: z.string(),
        s3: z.looseObject({
          bucket: z.looseObject({ name: z.string() }),
          object: z.looseObject({ key: z.string(), sequencer: z.string() }),
        }),
      }),
    )
    .min(1),
});
type S3Event = z.infer<typeof S3Event>;

const BatchResponse = z.object({ batchItemFailures: z.array(z.unknown()) });

/** A few seconds of a test pattern and a tone. It is created once. */
async function sample({ dataDir, ffmpegPath }: Settings): Promise<Buffer> {
  const folder = join(dataDir, "samples");
  const path = join(folder, "sample.mp4");
  if (!existsSync(path)) {
    await mkdir(folder, { recursive: true });
    const made = join(folder, `.tmp-${randomUUID()}.mp4`);
    const video = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30:duration=3"];
    const audio = ["-f", "lavfi", "-i", "sine=frequency=440:duration=3"];
    const codecs = ["-c:v", "libx264", "-preset", "fast", "-pix_fmt", "yuv420p", "-c:a", "aac"];
    await promisify(execFile)(ffmpegPath, [
      "-v",
      "error",
      ...video,
      ...audio,
      ...codecs,
      "-movflags",
      "+faststart",
      made,
    ]);
    await rename(made, path);
  }
  return readFile(path);
}

/** S3 encodes the keys in its events like form data. */
const keyOf = (encoded: string) => decodeURIComponent(encoded.replaceAll("+", " "));

/** Stores the sample under the key of each record, and describes it in the records. */
async function prepare(event: S3Event, settings: Settings, exact: boolean): Promise<S3Event> {
  const bytes = await sample(settings);
  const client = new S3Client({});
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (typeof request === "object" && request && "headers" in request) {
        Object.assign(request.headers ?? {}, { "x-rushes-events": "off" });
      }
      return next(args);
    },
    { step: "build", name: "withoutEvents" },
  );
  for (const { s3 } of event.Records) {
    const to = { Bucket: s3.bucket.name, Key: keyOf(s3.object.key) };
    await client.send(new PutObjectCommand({ ...to, Body: bytes, ContentType: "video/mp4" }));
  }
  client.destroy();
  const eTag = createHash("md5").update(bytes).digest("hex");
  return {
    Records: event.Records.map((record, at) => ({
      ...record,
      eventTime: exact ? record.eventTime : new Date().toISOString(),
      s3: {
        ...record.s3,
        object: {
          ...record.s3.object,
          size: bytes.length,
          eTag,
          ...(exact ? {} : { sequencer: newSequencer(at) }),
        },
      },
    })),
  };
}

const newSequencer = (at: number) =>
  (BigInt(Date.now()) * 1_000_000n + BigInt(at)).toString(16).toUpperCase().padStart(18, "0");

/** The event as the function receives it: for a queue's subscriber, in an SQS message. */
function envelope(name: string, payload: unknown): unknown {
  const queue = Object.entries(wiring.queues).find(
    ([, { subscriber }]) => subscriber.function === name,
  )?.[0];
  if (!queue || !S3Event.safeParse(payload).success) return payload;
  const message = {
    id: randomUUID(),
    body: JSON.stringify(payload),
    sentMs: Date.now(),
    receiveCount: 1,
  };
  return sqsEvent(queue, REGION, [message]);
}

async function main(): Promise<void> {
  const { values, positionals } = parseCommand({
    allowPositionals: true,
    options: { exact: { type: "boolean", default: false } },
  });
  const [name, file, ...rest] = positionals;
  if (!name || !file || rest.length > 0) throw new CliError(USAGE);
  const functions: Wiring["functions"] = wiring.functions;
  const wired = functions[name];
  if (!wired) {
    const names = Object.keys(functions).join(", ");
    throw new CliError(`There is no function "${name}". The functions are ${names}.`);
  }
  const text = await readFile(resolve(process.env.INIT_CWD ?? ".", file), "utf8").catch(() => {
    throw new CliError(`There is no file ${file}.`);
  });
  const given: unknown = JSON.parse(text);
  const settings = await loadSettings(ROOT);
  const run = await readRun(settings.dataDir);
  // Set before the handler is imported, because it creates its clients at import, as on Lambda.
  Object.assign(process.env, run.env);
  const s3 = S3Event.safeParse(given);
  const payload = s3.success ? await prepare(s3.data, settings, values.exact) : given;
  const module = await import(pathToFileURL(join(ROOT, wired.handler)).href);
  const context = handlerContext({
    functionName: name,
    awsRequestId: randomUUID(),
    timeoutMs: wired.timeoutSeconds * 1000,
    region: REGION,
  });
  const result: unknown = await module.handler(envelope(name, payload), context);
  process.stdout.write(`${JSON.stringify(result ?? null, null, 2)}\n`);
  const answer = BatchResponse.safeParse(result);
  // Lambda would return these messages to the queue, so they failed.
  process.exit(answer.success && answer.data.batchItemFailures.length > 0 ? 1 : 0);
}

await runCommand(main);
// Resources that the handler left open must not keep the process running.
process.exit();
