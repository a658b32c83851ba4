import { GetJobCommand, GetQueueCommand, MediaConvertClient } from "@aws-sdk/client-mediaconvert";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQuery, type SignedMessage, uriEncode } from "./canonical-request.ts";
import { verifySignature } from "./signature.ts";

const credentials = { accessKeyId: "AKID", secretAccessKey: "secret" };
const verify = (message: SignedMessage, service = "s3", more: object = {}) =>
  verifySignature(message, { service, region: "us-east-1", credentials, ...more });

const s3 = new S3Client({ endpoint: "http://127.0.0.1:1", region: "us-east-1", credentials });

/** A presigned GET as a server receives it. */
async function presigned(key = "my video.mp4", more: object = {}) {
  const url = new URL(
    await getSignedUrl(s3, new GetObjectCommand({ Bucket: "films", Key: key, ...more }), {
      expiresIn: 60,
    }),
  );
  return { method: "GET", url: url.pathname + url.search, rawHeaders: ["Host", url.host] };
}

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
}

/** The request that an unmodified client of another service sends. */
async function signedJobRequest(command: GetJobCommand | GetQueueCommand): Promise<SignedMessage> {
  const sent = Promise.withResolvers<SignedMessage>();
  const client = new MediaConvertClient({
    endpoint: "http://127.0.0.1:1",
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ method, path, headers }: Sent) => {
        const rawHeaders = Object.entries(headers).flat();
        sent.resolve({ method, url: path, rawHeaders });
        throw new Error("not sent");
      },
    },
  });
  if (command instanceof GetJobCommand) await client.send(command).catch(() => {});
  else await client.send(command).catch(() => {});
  return sent.promise;
}

test("verifies a presigned URL for any key and with response headers", async () => {
  for (const key of ["my video.mp4", "a+b%20.mp4", "é/🎬", "x//y", "(1)!'*~.mp4"]) {
    const message = await presigned(key, { ResponseContentDisposition: "attachment; a b+c" });
    expect(verify(message)).toMatchObject({ by: "query", payloadHash: "UNSIGNED-PAYLOAD" });
  }
});

test("rejects a presigned URL with any changed character", async () => {
  const message = await presigned();
  await fc.assert(
    fc.property(fc.nat(message.url.length - 1), fc.constantFrom("0", "z", "/", "&"), (at, by) => {
      const url = message.url.slice(0, at) + by + message.url.slice(at + 1);
      // Only a change of meaning must be rejected.
      fc.pre(by !== message.url[at]);
      expect(() => verify({ ...message, url })).toThrow();
    }),
  );
});

test("rejects another method, host, secret or key, and an expired signature", async () => {
  const message = await presigned();
  const errorOf = (changed: SignedMessage, more: object = {}) => {
    try {
      verify(changed, "s3", more);
    } catch (error) {
      return error;
    }
  };
  const mismatch = { code: "SignatureDoesNotMatch" };
  expect(errorOf({ ...message, method: "PUT" })).toMatchObject(mismatch);
  expect(errorOf({ ...message, rawHeaders: ["Host", "other"] })).toMatchObject(mismatch);
  const secret = { credentials: { ...credentials, secretAccessKey: "other" } };
  expect(errorOf(message, secret)).toMatchObject(mismatch);
  const key = { credentials: { ...credentials, accessKeyId: "other" } };
  expect(errorOf(message, key)).toMatchObject({ code: "InvalidAccessKeyId" });
  const late = { code: "AccessDenied", message: "Request has expired" };
  expect(errorOf(message, { now: Date.now() + 62_000 })).toMatchObject(late);
  expect(errorOf({ ...message, url: "/films/my%20video.mp4" })).toMatchObject({
    code: "AccessDenied",
  });
  const loose = [...message.rawHeaders, "x-amz-acl", "public-read"];
  expect(errorOf({ ...message, rawHeaders: loose })).toMatchObject({ code: "AccessDenied" });
});

test("verifies requests of other services with their body, and paths that contain an ARN", async () => {
  const queue = new GetQueueCommand({ Name: "arn:aws:mediaconvert:us-east-1:0:queues/Default" });
  for (const command of [new GetJobCommand({ Id: "1-a" }), queue]) {
    const message = await signedJobRequest(command);
    expect(verify(message, "mediaconvert").by).toBe("header");
    expect(() => verify(message, "mediaconvert", { body: Buffer.from("{}") })).toThrow(/signature/);
    expect(() => verify(message, "ses")).toThrow(/scope/);
    const skew = { now: Date.now() + 16 * 60_000 };
    expect(() => verify(message, "mediaconvert", skew)).toThrow(/too large/);
  }
});

test("parses every query that it encodes", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
      const query = pairs
        .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
        .join("&");
      expect(parseQuery(query)).toEqual(pairs);
    }),
  );
});
