/** Requests that look valid and must not succeed. */
import { createServer, request } from "node:http";
import { text } from "node:stream/consumers";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BUCKET, clientOf, serve } from "@rushes/testing/s3";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../wire/listen.ts";
import { type Context, readText } from "./context.ts";

const video = { Bucket: BUCKET, Key: "film.mov" };

test("rejects a list of parts that is not the one that was signed", async () => {
  const { url, client } = await serve();
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(video));
  const upload = { ...video, UploadId };
  const { ETag } = await client.send(
    new UploadPartCommand({ ...upload, PartNumber: 1, Body: "one" }),
  );
  const listed = { Parts: [{ PartNumber: 1, ETag }] };
  const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: listed });
  const tampering = clientOf(url, { maxAttempts: 1 });
  tampering.middlewareStack.add(
    (next) => (args) => {
      // The SDK types a request as unknown; at this step it is an HTTP request, and it is signed.
      const sent = args.request as { body: string };
      sent.body = sent.body.replace("<PartNumber>1<", "<PartNumber>2<");
      return next(args);
    },
    { step: "finalizeRequest", priority: "low" },
  );
  await expect(tampering.send(complete)).rejects.toThrow(/x-amz-content-sha256/);
  await expect(client.send(new HeadObjectCommand(video))).rejects.toThrow();
  await client.send(complete);
});

test("rejects a checksum of an algorithm that it does not compare", async () => {
  const { client } = await serve();
  client.middlewareStack.add(
    (next) => (args) => {
      const sent = args.request as { headers: Record<string, string> };
      sent.headers["x-amz-checksum-sha512"] = "AAAA";
      return next(args);
    },
    { step: "build", priority: "low" },
  );
  const put = client.send(new PutObjectCommand({ ...video, Body: "bytes" }));
  await expect(put).rejects.toMatchObject({
    name: "NotImplemented",
    message: expect.stringContaining("x-amz-checksum-sha512"),
  });
});

test("says that forms are not implemented, instead of that access is denied", async () => {
  const { url } = await serve();
  const body = new FormData();
  body.set("key", video.Key);
  body.set("policy", "e30=");
  body.set("file", new Blob(["bytes"]));
  const response = await fetch(`${url}/${BUCKET}`, { method: "POST", body });
  expect(response.status).toBe(501);
  expect(await response.text()).toMatch(/<Code>NotImplemented<.*presigned PUT/);
});

test("names its region to a client that signs for another one, which then signs again", async () => {
  const { url } = await serve();
  const signed = await getSignedUrl(
    clientOf(url, { region: "eu-central-1" }),
    new GetObjectCommand(video),
  );
  expect(await (await fetch(signed)).text()).toContain("<Region>us-east-1</Region>");
});

test("answers a client that stops in the middle of a small body", async () => {
  const handler = createServer((message, response) => {
    const verified = { payloadHash: "UNSIGNED-PAYLOAD" };
    // Only what readText reads.
    const context = { request: message, sendContinue: () => {}, verified } as unknown as Context;
    readText(context, 1000, 50).then(
      () => response.end("read"),
      (error: Error) => response.end(`${error}`),
    );
  });
  const { port, close } = await listen(handler, { host: "127.0.0.1", port: 0 });
  onTestFinished(close);
  const answer = await new Promise<string>((resolve, reject) => {
    const sent = request({ port, method: "POST", headers: { "content-length": 100 } });
    sent.on("response", (response) => resolve(text(response))).on("error", reject);
    sent.write("<CompleteMultipartUpload>");
  });
  expect(answer).toMatch(/within the timeout period/);
});
