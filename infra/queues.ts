import { deadLetters } from "./dead.ts";

/**
 * S3's events wait here. Six times the function's timeout, as AWS advises: a message must not come back
 * while its first receiver is still at it.
 */
const visibilityTimeout = "6 minutes";

export const sourceCreated = new sst.aws.Queue("SourceCreated", {
  visibilityTimeout,
  dlq: { queue: deadLetters.sourceCreated.arn, retry: 3 },
});

export const renditionCreated = new sst.aws.Queue("RenditionCreated", {
  visibilityTimeout,
  dlq: { queue: deadLetters.renditionCreated.arn, retry: 3 },
});
