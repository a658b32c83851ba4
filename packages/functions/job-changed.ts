import { processPartialResponse } from "@aws-lambda-powertools/batch";
import { withActor } from "@rushes/core/actor";
import { JobId } from "@rushes/core/id";
import * as Notify from "@rushes/core/pipeline/notify";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import * as z from "zod";
import { batch, logged, options } from "./batch.ts";

const Image = z.object({ id: z.object({ S: JobId }), attempt: z.object({ N: z.coerce.number() }) });

/** The table's stream, filtered to jobs that have ended. Sends the mail, once. */
export const handler = (event: DynamoDBStreamEvent) =>
  processPartialResponse(event, logged(notify), batch("DynamoDBStreams"), options);

async function notify(record: DynamoDBRecord): Promise<void> {
  const image = Image.parse(record.dynamodb?.NewImage);
  await withActor({ type: "system" }, () =>
    Notify.send({ jobId: image.id.S, attempt: image.attempt.N }),
  );
}
