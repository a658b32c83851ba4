import { createHash } from "node:crypto";
import { apiOutcome } from "@rushes/core/transfer/outcome";
import { planParts } from "@rushes/core/transfer/part";
import type { UploadApi } from "@rushes/core/transfer/ports";
import type { UploadEnvironment } from "@rushes/core/transfer/run";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { Info, type Plan, SignedRequest } from "@rushes/core/upload/schema";
import { answer, type Client } from "./connect.ts";
import { ClientError } from "./error.ts";
import type { LocalFile } from "./file.ts";

/** Turns the errors of the API into outcomes for the file. */
async function outcomeOf<T>(pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof ClientError) throw new UploadError(apiOutcome(error, Date.now()));
    throw error;
  }
}

type Result = Awaited<ReturnType<UploadApi["create"]>>[number];
type NewFile = Parameters<UploadApi["create"]>[0][number] & { fingerprint: string };

/** Starts an upload, or returns the one that the same key and file started within 24 hours. */
export async function createUpload(
  client: Client,
  file: NewFile,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<Result> {
  const params = { header: { "idempotency-key": idempotencyKey } };
  const sent = client.POST("/api/uploads", { params, body: { files: [file] }, signal });
  const [result] = (await outcomeOf(answer(sent))).results;
  if (!result) throw new Error("The server answered with fewer uploads than files.");
  if ("error" in result) return result;
  return { upload: Info.parse(result.upload), requests: signed(result.requests) };
}

/** The routes of `/api/uploads` that sending this file uses. */
export function uploadApi(client: Client, file: LocalFile, plan: Plan): UploadEnvironment["api"] {
  const path = (id: string) => ({ path: { id } });
  return {
    async sign(id, partNumbers, signal) {
      const init = { params: path(id), body: { partNumbers }, signal };
      return signed(
        (await outcomeOf(answer(client.POST("/api/uploads/{id}/sign", init)))).requests,
      );
    },
    async parts(id, signal) {
      const init = { params: path(id), signal };
      const { parts } = await outcomeOf(answer(client.GET("/api/uploads/{id}/parts", init)));
      return sameParts(file, plan, parts, signal);
    },
    async complete(id, crc64nvme, signal) {
      await file.assertUnchanged();
      const init = { params: path(id), body: { crc64nvme }, signal };
      const { upload } = await outcomeOf(answer(client.POST("/api/uploads/{id}/complete", init)));
      return Info.parse(upload);
    },
    async fromId(id, signal) {
      const init = { params: path(id), signal };
      return Info.parse((await outcomeOf(answer(client.GET("/api/uploads/{id}", init)))).upload);
    },
  };
}

const signed = (requests: readonly unknown[]) => requests.map((one) => SignedRequest.parse(one));

type StoredPart = { partNumber: number; sizeBytes: number; etag: string };

/**
 * The stored parts that have the file's bytes. The ETag of a part is its MD5, except in a bucket that is encrypted with a
 * key of KMS, where every part is sent again.
 */
async function sameParts(
  { blob }: LocalFile,
  plan: Plan,
  stored: readonly StoredPart[],
  signal: AbortSignal,
): Promise<StoredPart[]> {
  const etags = new Map(stored.map((part) => [part.partNumber, part.etag.replaceAll('"', "")]));
  const same = new Set<number>();
  for (const { partNumber = 0, start, end } of planParts(plan, blob.size)) {
    if (!etags.has(partNumber)) continue;
    signal.throwIfAborted();
    const hash = createHash("md5");
    for await (const chunk of blob.slice(start, end).stream()) hash.update(chunk);
    if (hash.digest("hex") === etags.get(partNumber)) same.add(partNumber);
  }
  return stored.filter(({ partNumber }) => same.has(partNumber));
}
