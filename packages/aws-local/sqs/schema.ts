/** The parameters of the operations. Each object is strict: an unknown parameter is rejected by its name. */
import * as z from "zod";
import { ACCOUNT_ID } from "../wire/account.ts";

/** SQS's default visibility timeout. The dead-letter queues have it too. */
export const VISIBILITY_SECONDS = 30;

const QueueUrl = z.string();
const Seconds = z.number().int().min(0).max(43_200);
const Names = z.array(z.string()).optional();

export const GetQueueUrl = z.strictObject({
  QueueName: z.string(),
  QueueOwnerAWSAccountId: z.literal(ACCOUNT_ID).optional(),
});
export const GetQueueAttributes = z.strictObject({ QueueUrl, AttributeNames: Names });
export const ReceiveMessage = z.strictObject({
  QueueUrl,
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: Seconds.default(VISIBILITY_SECONDS),
  // Accepted but ignored: dead-letter messages are rare, and every client handles an empty response.
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
  AttributeNames: Names,
  MessageSystemAttributeNames: Names,
  MessageAttributeNames: Names,
});
export const DeleteMessage = z.strictObject({ QueueUrl, ReceiptHandle: z.string() });
export const ChangeMessageVisibility = DeleteMessage.extend({ VisibilityTimeout: Seconds });
export const SendMessage = z.strictObject({
  QueueUrl,
  MessageBody: z
    .string()
    .min(1)
    .max(1024 * 1024),
});
export const StartMessageMoveTask = z.strictObject({ SourceArn: z.string() });
