import { createHash, randomUUID } from "node:crypto";
import type * as z from "zod";
import { deadLetterBody, messageIdOf } from "../lambda/dead-letter-body.ts";
import type { ReceivedDeadLetter } from "../lambda/dead-letters.ts";
import type { Runner } from "../lambda/index.ts";
import { ACCOUNT_ID } from "../wire/account.ts";
import { ServiceError } from "../wire/service-error.ts";
import type { QueueNames } from "./names.ts";
import * as Schema from "./schema.ts";

export interface OperationContext {
  names: QueueNames;
  region: string;
  /** The endpoint's URL. */
  url: string;
  runner: Pick<Runner, "send" | "count" | "deadLetters">;
}

type Output = Promise<Record<string, unknown>>;
export type Operation = (context: OperationContext, input: unknown) => Output;

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

function operation<S extends z.ZodType>(
  schema: S,
  run: (context: OperationContext, input: z.output<S>) => Output,
): Operation {
  return async (context, input) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(context, parsed.data);
    const [issue] = parsed.error.issues;
    const at = issue?.path.length ? `${issue.path.join(".")}: ` : "";
    throw new ServiceError("InvalidParameterValue", `${at}${issue?.message ?? "Not a request."}`);
  };
}

/** The attributes that a request names; all of them for the name "All". */
function select(attributes: Record<string, string>, requested: string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name]) => requested.includes("All") || requested.includes(name),
    ),
  );
}

const getQueueUrl = operation(Schema.GetQueueUrl, async ({ names, url }, { QueueName }) => ({
  QueueUrl: names.url(QueueName, url),
}));

const getQueueAttributes = operation(
  Schema.GetQueueAttributes,
  async ({ names, runner }, { QueueUrl, AttributeNames = [] }) => {
    const name = names.fromUrl(QueueUrl);
    const source = names.source(name);
    const { visible, hidden } = source ? runner.count(name) : await runner.deadLetters.count(name);
    const timeout = source?.visibilityTimeoutSeconds ?? Schema.VISIBILITY_SECONDS;
    const attributes: Record<string, string> = {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(hidden),
      QueueArn: names.arn(name),
      VisibilityTimeout: String(timeout),
    };
    if (source) {
      attributes.RedrivePolicy = JSON.stringify({
        deadLetterTargetArn: names.arn(source.deadLetter),
        maxReceiveCount: source.maxReceiveCount,
      });
    }
    return { Attributes: select(attributes, AttributeNames) };
  },
);

const receiveMessage = operation(Schema.ReceiveMessage, async (context, input) => {
  const name = context.names.deadLetterQueueFromUrl(input.QueueUrl);
  const received = await context.runner.deadLetters.receive(
    name,
    input.MaxNumberOfMessages,
    input.VisibilityTimeout * 1000,
  );
  const { AttributeNames = [], MessageSystemAttributeNames = [] } = input;
  const requested = [...AttributeNames, ...MessageSystemAttributeNames];
  if (received.length === 0) return {};
  return { Messages: received.map((one) => toMessage(one, requested, context.region)) };
});

function toMessage(received: ReceivedDeadLetter, requested: string[], region: string) {
  const { deadLetter, receipt, receives, firstReceivedMs } = received;
  const { origin, attempts, time } = deadLetter;
  const body = deadLetterBody(deadLetter, region);
  const attributes = select(
    {
      ApproximateReceiveCount: String((origin.kind === "queue" ? attempts : 0) + receives),
      ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
      SentTimestamp: String(Date.parse(time)),
      SenderId: ACCOUNT_ID,
    },
    requested,
  );
  return {
    MessageId: messageIdOf(deadLetter),
    ReceiptHandle: receipt,
    MD5OfBody: md5(body),
    Body: body,
    Attributes: Object.keys(attributes).length > 0 ? attributes : undefined,
  };
}

const deleteMessage = operation(Schema.DeleteMessage, async ({ names, runner }, input) => {
  const name = names.deadLetterQueueFromUrl(input.QueueUrl);
  await runner.deadLetters.remove(name, input.ReceiptHandle);
  return {};
});

const changeMessageVisibility = operation(
  Schema.ChangeMessageVisibility,
  async ({ names, runner }, input) => {
    const name = names.deadLetterQueueFromUrl(input.QueueUrl);
    const forMs = input.VisibilityTimeout * 1000;
    if (await runner.deadLetters.hide(name, input.ReceiptHandle, forMs)) return {};
    throw new ServiceError("MessageNotInflight", "The message is not in flight.");
  },
);

const sendMessage = operation(Schema.SendMessage, async ({ names, runner }, input) => {
  const name = names.fromUrl(input.QueueUrl);
  if (names.isDeadLetterQueue(name)) {
    throw new ServiceError("UnsupportedOperation", `Only the runner sends messages to ${name}.`);
  }
  await runner.send(name, input.MessageBody);
  return { MessageId: randomUUID(), MD5OfMessageBody: md5(input.MessageBody) };
});

const startMessageMoveTask = operation(
  Schema.StartMessageMoveTask,
  async ({ names, runner }, { SourceArn }) => {
    await runner.deadLetters.redrive(names.moveSourceFromArn(SourceArn));
    return { TaskHandle: Buffer.from(`${randomUUID()}:${SourceArn}`).toString("base64") };
  },
);

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ["GetQueueUrl", getQueueUrl],
  ["GetQueueAttributes", getQueueAttributes],
  ["ReceiveMessage", receiveMessage],
  ["DeleteMessage", deleteMessage],
  ["ChangeMessageVisibility", changeMessageVisibility],
  ["SendMessage", sendMessage],
  ["StartMessageMoveTask", startMessageMoveTask],
]);
