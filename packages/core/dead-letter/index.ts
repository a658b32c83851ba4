/** The dead-letter queues, for admins: messages that could not be processed, and how to send them again. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import { type DeadLetterQueue, deadLetterQueues } from "../resource.ts";
import { messageOf, payloadOf } from "./read.ts";
import type { Queue, Redriven } from "./schema.ts";

export { Queue, Redriven } from "./schema.ts";

/** Messages shown per queue. */
const SHOWN = 20;
/** Messages received to find the newest: SQS returns messages in no order. */
const MAX_READ = 50;
/** The most that SQS returns at once. */
const BATCH = 10;
/** Longer than a read takes. If the process dies during one, messages stay hidden for no longer. */
const READ_SECONDS = 15;
/** Longer than sending a batch takes. */
const SEND_SECONDS = 60;
/** So that one request ends in time. The next request sends the rest. */
const MAX_SENT = 500;

const sqs = new SQSClient({});
const lambda = new LambdaClient({});

/** Every queue with its count and its newest messages. They become visible in SQS again at once. */
export async function list(): Promise<Queue[]> {
  Actor.admin();
  return Promise.all(deadLetterQueues().map(readQueue));
}

/**
 * Sends everything in a queue again, and returns how many. A message is deleted only after Lambda or its queue has
 * accepted it. A crash in between repeats it, and every handler is safe to repeat. Throws `queue.not_found`.
 */
export async function redrive(input: { queue: string }): Promise<Redriven> {
  Actor.admin();
  const queue = deadLetterQueues().find(({ name }) => name === input.queue);
  if (!queue) {
    throw new VisibleError("not_found", "queue.not_found", "There is no such dead-letter queue.");
  }
  const { count, arn } = await attributesOf(queue);
  await Audit.record({ action: "queue.redriven", target: queue.name, detail: { count } });
  if (count === 0) return { queue: queue.name, sent: 0, kept: 0, message: "No failed messages." };
  switch (queue.kind) {
    case "queue":
      await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
      return {
        queue: queue.name,
        sent: count,
        kept: 0,
        message: "The messages are being moved back to their queue.",
      };
    case "function":
      return resend(queue, queue.function, count);
    case "stream":
      return makeUp(queue, queue.function, count);
  }
}

async function readQueue(queue: DeadLetterQueue): Promise<Queue> {
  const { count } = await attributesOf(queue);
  const messages: Message[] = [];
  try {
    while (messages.length < Math.min(count, MAX_READ)) {
      const more = await receive(queue, READ_SECONDS);
      if (more.length === 0) break;
      messages.push(...more);
    }
  } finally {
    await giveBack(queue, messages);
  }
  const letters = messages
    .map((message) => messageOf(queue.name, message))
    .sort((a, b) => (a.time < b.time ? 1 : -1))
    .slice(0, SHOWN);
  return { name: queue.name, kind: queue.kind, count, letters };
}

/** Invokes the function with each event that it failed on. */
async function resend(queue: DeadLetterQueue, name: string, count: number): Promise<Redriven> {
  const kept: Message[] = [];
  let sent = 0;
  try {
    await each(queue, count, async (message) => {
      const found = payloadOf(message.Body);
      if (!found) {
        kept.push(message);
        return;
      }
      await invoke(name, found.payload);
      await remove(queue, message);
      sent += 1;
    });
  } finally {
    await giveBack(queue, kept);
  }
  const message =
    kept.length > 0
      ? "Messages that cannot be read stay in the queue. The others are being processed again."
      : "The messages are being processed again. Those that fail return to this queue.";
  return { queue: queue.name, sent, kept: kept.length, message };
}

/**
 * A stream's message contains the position of a change in the stream and not the change, and the stream keeps records
 * for a day. Nothing is lost: the notice of a mail was written with the change and stays due until it is settled, and
 * reconcile sends what is due. So this runs reconcile and deletes the messages.
 */
async function makeUp(queue: DeadLetterQueue, name: string, count: number): Promise<Redriven> {
  await invoke(name, { source: "rushes", "detail-type": "Dead letters made up for" });
  let sent = 0;
  await each(queue, count, async (message) => {
    await remove(queue, message);
    sent += 1;
  });
  const message =
    "The stream no longer has these records, but their mails are still due. The reconcile function, " +
    "which runs now and every minute, sends them.";
  return { queue: queue.name, sent, kept: 0, message };
}

/** Every message that was there at the start. Those that fail again in the meantime are left for later. */
async function each(
  queue: DeadLetterQueue,
  count: number,
  run: (message: Message) => Promise<void>,
): Promise<void> {
  let left = Math.min(count, MAX_SENT);
  while (left > 0) {
    const messages = await receive(queue, SEND_SECONDS, left);
    if (messages.length === 0) return;
    left -= messages.length;
    const results = await Promise.allSettled(messages.map(run));
    const failed = messages.filter((_, at) => results[at]?.status === "rejected");
    await giveBack(queue, failed);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }
}

async function attributesOf({ url }: DeadLetterQueue): Promise<{ count: number; arn: string }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "QueueArn",
      ],
    }),
  );
  const visible = Number(Attributes.ApproximateNumberOfMessages ?? 0);
  const hidden = Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0);
  return { count: visible + hidden, arn: Attributes.QueueArn ?? "" };
}

async function receive(
  { url }: DeadLetterQueue,
  seconds: number,
  limit = BATCH,
): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(BATCH, limit),
      VisibilityTimeout: seconds,
      // Long polling queries all of SQS's servers. Short polling queries some, so messages may be missing.
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ["SentTimestamp"],
      MessageAttributeNames: ["ERROR_MESSAGE"],
    }),
  );
  return Messages;
}

/** Makes messages visible again at once. If that fails, they become visible when their timeout ends. */
async function giveBack({ url }: DeadLetterQueue, messages: Message[]): Promise<void> {
  await Promise.allSettled(
    messages.map(({ ReceiptHandle }) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }),
      ),
    ),
  );
}

async function remove({ url }: DeadLetterQueue, { ReceiptHandle }: Message): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
}

/** Resolves when Lambda has accepted the event. */
async function invoke(name: string, payload: unknown): Promise<void> {
  await lambda.send(
    new InvokeCommand({
      FunctionName: name,
      InvocationType: "Event",
      Payload: new TextEncoder().encode(JSON.stringify(payload)),
    }),
  );
}
