import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { OWNER } from "@rushes/testing/owner";
import { fill } from "@rushes/testing/rows";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  Actor,
  attributes,
  call,
  closeDeadLetters,
  DeadLetter,
  lambda,
  log,
  mend,
  SIGNED,
  sqs,
  startDeadLetters,
  url,
  waiting,
} from "./testing/dead-letters.ts";

const eventually = { timeout: 10_000, interval: 20 };

beforeAll(startDeadLetters);
afterAll(closeDeadLetters);

describe("a failed message", () => {
  beforeEach(async () => {
    if ((await waiting("work-dead")) > 0) return;
    await sqs.send(new SendMessageCommand({ QueueUrl: url("work"), MessageBody: '{"n":1}' }));
    const Payload = JSON.stringify({ n: 2, at: SIGNED });
    const invoked = { FunctionName: "invoked", InvocationType: "Event", Payload } as const;
    expect(await lambda.send(new InvokeCommand(invoked))).toMatchObject({ StatusCode: 202 });
    await expect.poll(() => waiting("work-dead"), eventually).toBe(1);
    await expect.poll(() => waiting("invoked-dead"), eventually).toBe(1);
    await fill([{ pk: "A", sk: "B" }]);
    await expect.poll(() => waiting("changed-dead"), eventually).toBe(1);
  });

  test("is in its queue in AWS's format", async () => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "invoked-dead" }));
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["All"] }),
    );
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({
      version: "1.0",
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
      requestPayload: { n: 2 },
      responseContext: { statusCode: 200, functionError: "Unhandled" },
      responsePayload: { errorType: "Error", errorMessage: `broken at ${SIGNED}` },
    });
    expect(message?.Attributes?.ApproximateReceiveCount).toBe("1");
    expect(await attributes("invoked-dead")).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "1",
      QueueArn: "arn:aws:sqs:us-east-1:000000000000:invoked-dead",
    });
    const receipt = { QueueUrl, ReceiptHandle: message?.ReceiptHandle };
    const back = { ...receipt, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(back));
    await expect(sqs.send(new ChangeMessageVisibilityCommand(back))).rejects.toMatchObject({
      name: "MessageNotInflight",
    });
    // The visibility timeout has passed, so another consumer may hold the message.
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
    await sqs.send(new DeleteMessageCommand(receipt));
    expect(await waiting("invoked-dead")).toBe(1);
  });

  test("is listed without secrets, and stays in the queue", async () => {
    const first = await call("GET", "");
    expect(first.status).toBe(200);
    expect(first.body.queues).toMatchObject([
      { name: "work-dead", kind: "queue", count: 1, letters: [{ summary: '{"n":1}' }] },
      {
        name: "invoked-dead",
        kind: "function",
        count: 1,
        letters: [
          {
            attempts: 3,
            reason: "Error: broken at https://s3.example.com/k?…",
            queue: "invoked-dead",
          },
        ],
      },
      {
        name: "changed-dead",
        kind: "stream",
        count: 1,
        letters: [{ attempts: 1, summary: expect.stringMatching(/^1 changed rows from \d+ on$/) }],
      },
    ]);
    expect(JSON.stringify(first.body)).not.toContain("5ec4e7");
    expect((await call("GET", "")).body).toEqual(first.body);
  });

  test("is visible to signed-in admins only, and to no token", async () => {
    const member = { ...OWNER, role: "member" as const };
    const token = { ...OWNER, role: "admin" as const, via: "token" as const };
    const asked: (() => Promise<unknown>)[] = [
      () => DeadLetter.list(),
      () => DeadLetter.redrive({ queue: "work-dead" }),
    ];
    for (const ask of asked) {
      const forbidden = { kind: "forbidden", code: "actor.admin" };
      await expect(Actor.withActor(member, ask)).rejects.toMatchObject(forbidden);
      await expect(Actor.withActor(token, ask)).rejects.toMatchObject({ code: "actor.person" });
      await expect(ask()).rejects.toMatchObject({ code: "actor.required" });
    }
    const unknown = await call("POST", "/redrive", { queue: "work" });
    expect(unknown).toMatchObject({ status: 404, body: { code: "queue.not_found" } });
  });

  test("fails again after a redrive until its cause is fixed, then succeeds", async () => {
    const again = await call("POST", "/redrive", { queue: "invoked-dead" });
    expect(again).toMatchObject({ status: 200, body: { sent: 1, kept: 0 } });
    await expect.poll(() => waiting("invoked-dead"), eventually).toBe(1);
    await mend();
    const moved = await Promise.all(
      ["work-dead", "invoked-dead"].map((queue) => call("POST", "/redrive", { queue })),
    );
    expect(moved).toMatchObject([{ body: { sent: 1 } }, { body: { sent: 1, kept: 0 } }]);
    await expect.poll(log, eventually).toContain('{\\"n\\":1}');
    await expect.poll(log, eventually).toContain(JSON.stringify({ n: 2, at: SIGNED }));
    const { body } = await call("GET", "");
    expect(body.queues).toMatchObject([{ count: 0 }, { count: 0 }, { count: 1 }]);
    const madeUp = await call("POST", "/redrive", { queue: "changed-dead" });
    expect(madeUp.body).toMatchObject({ sent: 1, message: expect.stringContaining("due") });
    await expect.poll(log, eventually).toContain("Dead letters made up for");
    await expect.poll(() => waiting("changed-dead"), eventually).toBe(0);
  });
});

describe("the endpoints reject", () => {
  test("requests that are not signed with the stack's keys", async () => {
    const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "another" };
    const strangers: (() => Promise<unknown>)[] = [
      () => new SQSClient({ credentials }).send(new GetQueueUrlCommand({ QueueName: "work" })),
      () => new LambdaClient({ credentials }).send(new InvokeCommand({ FunctionName: "invoked" })),
    ];
    for (const stranger of strangers) {
      await expect(stranger()).rejects.toMatchObject({
        name: "InvalidSignatureException",
        $metadata: { httpStatusCode: 403 },
      });
    }
    const unsigned = await fetch(String(process.env.AWS_ENDPOINT_URL_SQS), { method: "POST" });
    expect(unsigned.status).toBe(403);
  });

  test("a missing queue or function, with AWS's error codes", async () => {
    const none = { QueueUrl: url("none") };
    await expect(sqs.send(new ReceiveMessageCommand(none))).rejects.toMatchObject({
      name: "QueueDoesNotExist",
      Error: { Code: "AWS.SimpleQueueService.NonExistentQueue" },
    });
    await expect(sqs.send(new ListQueuesCommand({}))).rejects.toThrow("AmazonSQS.ListQueues");
    const live = sqs.send(new ReceiveMessageCommand({ QueueUrl: url("work") }));
    await expect(live).rejects.toMatchObject({ name: "UnsupportedOperation" });
    const delayed = { QueueUrl: url("work"), MessageBody: "x", DelaySeconds: 5 };
    await expect(sqs.send(new SendMessageCommand(delayed))).rejects.toThrow("DelaySeconds");
    const SourceArn = "arn:aws:sqs:us-east-1:000000000000:invoked-dead";
    const move = sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await expect(move).rejects.toThrow("must be configured as a Dead Letter Queue");
    await expect(lambda.send(new InvokeCommand({ FunctionName: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

test("a synchronous invocation returns the result or the error", async () => {
  await mend();
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:invoked";
  const answer = await lambda.send(new InvokeCommand({ FunctionName: arn, Payload: "{}" }));
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(JSON.parse(answer.Payload?.transformToString() ?? "")).toEqual({ ran: true });
});
