/** An S3 server on a fresh folder, and clients of it. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { type S3Options, start } from "@rushes/aws-local/s3/index";
import { onTestFinished } from "vitest";

export const BUCKET = "films";
export const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "secret" };
export const ORIGIN = "http://127.0.0.1:3000";

/** The fields of an event that tests check. */
export interface S3Event {
  queue: string;
  name: string;
  key: string;
  sizeBytes: number;
  etag: string;
  sequencer: string;
  principalId: string;
}

export function parseEvent({ queue, body }: { queue: string; body: string }): S3Event {
  const record = JSON.parse(body).Records[0];
  const { key, size, eTag, sequencer } = record.s3.object;
  const { principalId } = record.userIdentity;
  return {
    queue,
    name: record.eventName,
    key,
    sizeBytes: size,
    etag: eTag,
    sequencer,
    principalId,
  };
}

export function clientOf(url: string, more: ConstructorParameters<typeof S3Client>[0] = {}) {
  return new S3Client({ endpoint: url, region: "us-east-1", credentials, ...more });
}

/** A client whose signed requests have this exact body, as another program would write it. */
export function clientSending(url: string, body: string): S3Client {
  const client = clientOf(url);
  client.middlewareStack.add(
    (next) => (args) => {
      // The SDK types a request as unknown; at this step it is an HTTP request.
      const request = args.request as { body: unknown; headers: Record<string, string> };
      const headers = Object.entries(request.headers).filter(([name]) => !/checksum/.test(name));
      request.body = body;
      request.headers = {
        ...Object.fromEntries(headers),
        "content-length": String(Buffer.byteLength(body)),
        "content-md5": createHash("md5").update(body).digest("base64"),
      };
      return next(args);
    },
    { step: "build", priority: "low" },
  );
  return client;
}

/** Starts a server that stops after the test. `restart` starts another one on the same folder. */
export async function serve(options: Partial<S3Options> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "rushes-s3-"));
  const events: S3Event[] = [];
  const full: S3Options = {
    dataDir,
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    credentials,
    buckets: [
      {
        name: BUCKET,
        cors: { origins: [ORIGIN], maxAgeSeconds: 600 },
        notifications: [{ id: "created", queue: "films-created", events: ["s3:ObjectCreated:*"] }],
        abortMultipartAfterDays: 7,
      },
      { name: "plain", notifications: [] },
    ],
    deliver: async (delivery) => void events.push(parseEvent(delivery)),
    ...options,
  };
  let server = await start(full);
  onTestFinished(async () => {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    events,
    dataDir,
    url: server.url,
    client: clientOf(server.url),
    /** `between` runs on the data of the stopped server. */
    async restart(changes: Partial<S3Options> = {}, between = async () => {}) {
      await server.close();
      await between();
      server = await start({ ...full, ...changes });
      return { url: server.url, client: clientOf(server.url) };
    },
  };
}
