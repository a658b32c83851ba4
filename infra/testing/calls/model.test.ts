import { describe, expect, test } from "vitest";
import { violations } from "./model.ts";

const key = { pk: { S: "JOB#1" }, sk: { S: "JOB" } };

describe("a call that AWS takes has nothing against it", () => {
  test.each([
    ["dynamodb", "GetItem", { TableName: "rushes", Key: key, ConsistentRead: true }],
    ["dynamodb", "PutItem", { TableName: "rushes", Item: { list: { L: [{ N: "1" }] } } }],
    ["s3", "GetObject", { Bucket: "rushes", Key: "a film.mp4", Range: undefined }],
    ["s3", "PutObject", { Bucket: "rushes", Key: "a", Body: new Uint8Array(3), ContentLength: 3 }],
    ["sqs", "ReceiveMessage", { QueueUrl: "https://sqs.example.com/1/dead", WaitTimeSeconds: 1 }],
  ])("%s %s", (service, operation, input) => {
    expect(violations(service, operation, input)).toEqual([]);
  });
});

describe("names the path and the reason of a call that AWS would reject:", () => {
  const job = (rest: object) => ({
    Role: "arn:aws:iam::123456789012:role/rushes",
    Settings: {},
    ...rest,
  });
  test.each<[what: string, service: string, operation: string, input: object, sentence: string]>([
    [
      "a member that is required",
      "dynamodb",
      "GetItem",
      { TableName: "rushes" },
      "GetItem.Key is required",
    ],
    [
      "one that the service does not know",
      "s3",
      "HeadObject",
      { Bucket: "rushes", Key: "a", Rage: "bytes=0-1" },
      "HeadObject.Rage is not known to the service",
    ],
    [
      "a value that is not in an enum",
      "mediaconvert",
      "SearchJobs",
      { Order: "NEWEST" },
      "SearchJobs.Order must be one of ASCENDING, DESCENDING",
    ],
    [
      "a text of another form",
      "mediaconvert",
      "CreateJob",
      job({ Settings: { Inputs: [{ FileInput: "ftp://rushes/a.mp4" }] } }),
      "CreateJob.Settings.Inputs[0].FileInput must match ^s3://([^\\/]+\\/+)+((([^\\/]*)))|^https?://[^\\/].*[^&]$",
    ],
    [
      "a number that is too large, deep inside",
      "mediaconvert",
      "CreateJob",
      job({ Settings: { OutputGroups: [{ Outputs: [{ VideoDescription: { Width: 10_000 } }] }] } }),
      "CreateJob.Settings.OutputGroups[0].Outputs[0].VideoDescription.Width must have at most 8192, not 10000",
    ],
    [
      "more than one transaction holds",
      "dynamodb",
      "TransactWriteItems",
      {
        TransactItems: Array.from({ length: 101 }, () => ({
          Delete: { TableName: "rushes", Key: key },
        })),
      },
      "TransactWriteItems.TransactItems must have at most 100 entries, not 101",
    ],
    [
      "a key that is empty",
      "s3",
      "DeleteObject",
      { Bucket: "rushes", Key: "" },
      "DeleteObject.Key must have at least 1 characters, not 0",
    ],
    [
      "a text where a number belongs",
      "s3",
      "UploadPart",
      { Bucket: "rushes", Key: "a", UploadId: "u", PartNumber: "1" },
      "UploadPart.PartNumber must be a number",
    ],
    [
      "a value that was not marshalled",
      "dynamodb",
      "GetItem",
      { TableName: "rushes", Key: { pk: "JOB#1" } },
      "GetItem.Key{pk} must be a structure",
    ],
    [
      "an operation without a model",
      "s3",
      "PutBucketPolicy",
      {},
      "there is no model of s3 PutBucketPolicy: add it in infra/testing/calls/models.ts",
    ],
  ])("%s", (_, service, operation, input, sentence) => {
    expect(violations(service, operation, input)).toEqual([sentence]);
  });

  test("and never what the value is, which may be a secret", () => {
    const problems = violations(
      "mediaconvert",
      "CreateJob",
      job({ Settings: { Inputs: [{ FileInput: "hunter2" }] } }),
    ).join();
    expect(problems).toContain("FileInput");
    expect(problems).not.toContain("hunter2");
  });
});
