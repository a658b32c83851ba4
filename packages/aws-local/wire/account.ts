/** The AWS account and region of the local stack. */

/** No AWS account has this id. */
export const ACCOUNT_ID = "000000000000";

/** The region of every local service; the SDKs need one. */
export const REGION = "us-east-1";

/** An ARN in the local account: `arn("sqs", REGION, "source-created")`. */
export const arn = (service: string, region: string, resource: string) =>
  `arn:aws:${service}:${region}:${ACCOUNT_ID}:${resource}`;
