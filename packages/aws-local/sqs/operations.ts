import { createHash, randomUUID } from "node:crypto";
import * as z from "zod";
import type { Held } from "../lambda/letters.ts";
import { bodyOf, uuidOf } from "../lambda/record.ts";
import { ServiceError } from "../wire/service-error.ts";
import type { Options } from "./index.ts";

const ACCOUNT = "000000000000";
/** Of a dead-letter queue, where the request names none: SQS's usual one. */
const VISIBILITY_SECONDS = 30;

const Seconds = z.number().int().min(0).max(43_200);
const Names = z.array(z.string()).optional();
const QueueUrl = z.string();
const Attributes = z.strictObject({ QueueUrl, AttributeNames: Names });
const GetUrl = z.strictObject({
  QueueName: z.string(),
  QueueOwnerAWSAccountId: z.literal(ACCOUNT).optional(),
});
const Receive = z.strictObject({
  QueueUrl,
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: Seconds.default(VISIBILITY_SECONDS),
  // Taken and not waited for: letters come seldom, and an empty answer is one that any client meets.
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
  AttributeNames: Names,
  MessageSystemAttributeNames: Names,
  MessageAttributeNames: Names,
});
const Receipt = z.strictObject({ QueueUrl, ReceiptHandle: z.string() });
const Visibility = Receipt.extend({ VisibilityTimeout: Seconds });
const Send = z.strictObject({
  QueueUrl,
  MessageBody: z
    .string()
    .min(1)
    .max(1024 * 1024),
});
const Move = z.strictObject({ SourceArn: z.string() });

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

type Operation = (input: unknown) => Promise<Record<string, unknown>>;

/** A setting that is not here is refused by its name, never passed over. */
function operation<S extends z.ZodType>(
  schema: S,
  run: (input: z.output<S>) => Promise<Record<string, unknown>>,
): Operation {
  return async (input) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(parsed.data);
    const [issue] = parsed.error.issues;
    const at = issue?.path.length ? `${issue.path.join(".")}: ` : "";
    throw new ServiceError("InvalidParameterValue", `${at}${issue?.message ?? "Not a request."}`);
  };
}

/** What the endpoint can do, by the operations' names. */
export function createOperations(
  options: Options & { url(): string },
): ReadonlyMap<string, Operation> {
  const { wiring, region } = options;
  const arnOf = (name: string) => `arn:aws:sqs:${region}:${ACCOUNT}:${name}`;
  const sources = new Map(Object.entries(wiring.queues));
  const dead = new Set([
    ...Object.values(wiring.queues).map(({ deadLetter }) => deadLetter),
    ...Object.values(wiring.functions).flatMap(({ onFailure }) => onFailure ?? []),
  ]);

  const known = (name: string) => {
    if (sources.has(name) || dead.has(name)) return name;
    throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
  };
  const named = (url: string) =>
    known(new RegExp(`/${ACCOUNT}/([\\w-]{1,80})$`).exec(url)?.[1] ?? "");
  const readable = (url: string) => {
    const name = named(url);
    if (dead.has(name)) return name;
    throw new ServiceError(
      "UnsupportedOperation",
      `The messages of ${name} go to its function alone.`,
    );
  };

  const message = ({ letter, receipt, receives, firstReceivedMs }: Held, wanted: string[]) => {
    const Body = bodyOf(letter, region);
    const all = {
      ApproximateReceiveCount: String(
        (letter.origin.kind === "queue" ? letter.attempts : 0) + receives,
      ),
      ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
      SentTimestamp: String(Date.parse(letter.time)),
      SenderId: ACCOUNT,
    };
    const shown = Object.entries(all).filter(
      ([name]) => wanted.includes("All") || wanted.includes(name),
    );
    return {
      MessageId: uuidOf(letter),
      ReceiptHandle: receipt,
      MD5OfBody: md5(Body),
      Body,
      ...(shown.length > 0 && { Attributes: Object.fromEntries(shown) }),
    };
  };

  return new Map<string, Operation>([
    [
      "GetQueueUrl",
      operation(GetUrl, async ({ QueueName }) => ({
        QueueUrl: `${options.url()}/${ACCOUNT}/${known(QueueName)}`,
      })),
    ],
    [
      "GetQueueAttributes",
      operation(Attributes, async ({ QueueUrl: url, AttributeNames = [] }) => {
        const name = named(url);
        const runner = await options.runner;
        const source = sources.get(name);
        const { visible, hidden } = source
          ? runner.count(name)
          : await runner.deadLetters.count(name);
        const all = {
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(hidden),
          QueueArn: arnOf(name),
          VisibilityTimeout: String(source?.visibilityTimeoutSeconds ?? VISIBILITY_SECONDS),
          ...(source && {
            RedrivePolicy: JSON.stringify({
              deadLetterTargetArn: arnOf(source.deadLetter),
              maxReceiveCount: source.maxReceiveCount,
            }),
          }),
        };
        const Shown = Object.entries(all).filter(
          ([key]) => AttributeNames.includes("All") || AttributeNames.includes(key),
        );
        return { Attributes: Object.fromEntries(Shown) };
      }),
    ],
    [
      "ReceiveMessage",
      operation(Receive, async (input) => {
        const name = readable(input.QueueUrl);
        const { deadLetters } = await options.runner;
        const limit = input.MaxNumberOfMessages;
        const held = await deadLetters.receive(name, limit, input.VisibilityTimeout * 1000);
        const wanted = [
          ...(input.AttributeNames ?? []),
          ...(input.MessageSystemAttributeNames ?? []),
        ];
        return held.length === 0 ? {} : { Messages: held.map((one) => message(one, wanted)) };
      }),
    ],
    [
      "DeleteMessage",
      operation(Receipt, async (input) => {
        const { deadLetters } = await options.runner;
        await deadLetters.remove(readable(input.QueueUrl), input.ReceiptHandle);
        return {};
      }),
    ],
    [
      "ChangeMessageVisibility",
      operation(Visibility, async (input) => {
        const { deadLetters } = await options.runner;
        const forMs = input.VisibilityTimeout * 1000;
        if (await deadLetters.hide(readable(input.QueueUrl), input.ReceiptHandle, forMs)) return {};
        throw new ServiceError("MessageNotInflight", "The message is not in flight.");
      }),
    ],
    [
      "SendMessage",
      operation(Send, async (input) => {
        const name = named(input.QueueUrl);
        if (dead.has(name)) {
          throw new ServiceError(
            "UnsupportedOperation",
            `Nothing is sent to ${name} but by the runner.`,
          );
        }
        await (await options.runner).send(name, input.MessageBody);
        return { MessageId: randomUUID(), MD5OfMessageBody: md5(input.MessageBody) };
      }),
    ],
    [
      "StartMessageMoveTask",
      operation(Move, async ({ SourceArn }) => {
        const name = SourceArn.startsWith(arnOf("")) ? SourceArn.slice(arnOf("").length) : "";
        if (!sources.has(name) && !dead.has(name)) {
          const text = "The resource that you specified for the SourceArn parameter doesn't exist.";
          throw new ServiceError("ResourceNotFoundException", text, 404);
        }
        if (![...sources.values()].some(({ deadLetter }) => deadLetter === name)) {
          const text = "Source queue must be configured as a Dead Letter Queue.";
          throw new ServiceError("UnsupportedOperation", text);
        }
        await (await options.runner).deadLetters.redrive(name);
        return { TaskHandle: Buffer.from(`${randomUUID()}:${SourceArn}`).toString("base64") };
      }),
    ],
  ]);
}
