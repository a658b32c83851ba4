/** A stack whose functions fail, so that messages reach every kind of dead-letter queue. */
// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Stack, startStack } from "@rushes/testing/stack";
import { start as startLambda } from "../../../aws-local/lambda/api.ts";
import { start as startRunner } from "../../../aws-local/lambda/index.ts";
import { start as startSqs } from "../../../aws-local/sqs/index.ts";
import { deadLetterQueues, type Wiring } from "../../../core/wiring.ts";

const SITE = "http://127.0.0.1:3000";
export const SIGNED = "https://s3.example.com/k?X-Amz-Signature=5ec4e7";

/** Fails until the file `mended` exists, then records its input. */
const HANDLER = `
import { appendFileSync, existsSync } from "node:fs";
export async function handler(event) {
  if (!existsSync(process.env.TEST_FOLDER + "/mended")) throw new Error("broken at ${SIGNED}");
  appendFileSync(process.env.TEST_FOLDER + "/log", JSON.stringify(event) + "\\n");
  return { ran: true };
}`;

const wiring: Wiring = {
  buckets: [],
  rules: [],
  schedules: [],
  tables: [
    {
      name: "rushes",
      hashKey: "pk",
      rangeKey: "sk",
      ttl: "ttl",
      indexes: [],
      stream: {
        function: "changed",
        batchSize: 1,
        retries: 0,
        bisect: false,
        filters: [{ dynamodb: { NewImage: { pk: { S: ["A"] } } } }],
      },
    },
  ],
  queues: {
    work: {
      visibilityTimeoutSeconds: 30,
      maxReceiveCount: 2,
      deadLetter: "work-dead",
      subscriber: { function: "work", batchSize: 1, maximumConcurrency: 1 },
    },
  },
  functions: {
    work: { handler: "handler.mjs", timeoutSeconds: 5 },
    invoked: { handler: "handler.mjs", timeoutSeconds: 5, onFailure: "invoked-dead" },
    changed: { handler: "handler.mjs", timeoutSeconds: 5, onFailure: "changed-dead" },
    reconcile: { handler: "handler.mjs", timeoutSeconds: 5 },
  },
};

let stack: Stack;
let app: typeof import("../app.ts").app;
export let Actor: typeof import("@rushes/core/actor");
export let DeadLetter: typeof import("@rushes/core/dead-letter/index");
export let sqs: SQSClient;
export let lambda: LambdaClient;
const closing: (() => Promise<void>)[] = [];
const folder = () => join(stack.folder, "functions");
export const url = (queue: string) => `${process.env.AWS_ENDPOINT_URL_SQS}/000000000000/${queue}`;

/** Starts the stack, its functions and queues, and clients of them. */
export async function startDeadLetters(): Promise<void> {
  stack = await startStack();
  await mkdir(folder());
  await writeFile(join(folder(), "handler.mjs"), HANDLER);
  const runner = await startRunner({
    dataDir: join(stack.folder, "runner"),
    root: folder(),
    wiring,
    env: {
      TEST_FOLDER: folder(),
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? "",
      AWS_ACCESS_KEY_ID: "AKIDTEST",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
    delayMs: () => 10,
  });
  const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };
  const shared = { host: "127.0.0.1", port: 0, region: "us-east-1", credentials, runner };
  const [queues, functions] = await Promise.all([
    startSqs({ ...shared, wiring }),
    startLambda({ ...shared, functions: Object.keys(wiring.functions) }),
  ]);
  closing.push(
    () => queues.close(),
    () => functions.close(),
    () => runner.close(),
  );
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: queues.url,
    AWS_ENDPOINT_URL_LAMBDA: functions.url,
    SST_RESOURCE_DeadLetters: JSON.stringify({ queues: deadLetterQueues(wiring, queues.url) }),
  });
  sqs = new SQSClient({});
  lambda = new LambdaClient({});
  [{ app }, Actor, DeadLetter] = await Promise.all([
    import("../app.ts"),
    import("@rushes/core/actor"),
    import("@rushes/core/dead-letter/index"),
  ]);
}

export async function closeDeadLetters(): Promise<void> {
  for (const close of closing) await close();
  await stack.close();
}

/** What the functions have recorded. */
export const log = async () =>
  (await readFile(join(folder(), "log"), "utf8").catch(() => "")).trim();

/** Lets the functions succeed. */
export const mend = () => writeFile(join(folder(), "mended"), "");

/** Calls a route of the dead letters. */
export async function call(method: string, path: string, body?: unknown) {
  const init = {
    method,
    ...(body !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  };
  const response = await app.request(`${SITE}/api/admin/dead-letters${path}`, init);
  return { status: response.status, body: await response.json() };
}

export async function attributes(queue: string) {
  const command = new GetQueueAttributesCommand({ QueueUrl: url(queue), AttributeNames: ["All"] });
  return (await sqs.send(command)).Attributes ?? {};
}

export const waiting = async (queue: string) =>
  Number((await attributes(queue)).ApproximateNumberOfMessages);
