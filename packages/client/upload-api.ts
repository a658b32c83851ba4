import { apiOutcome } from "@rushes/core/transfer/outcome";
import { toSign } from "@rushes/core/transfer/part";
import type { NewUpload, UploadApi } from "@rushes/core/transfer/ports";
import type { UploadEnvironment } from "@rushes/core/transfer/run";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { Existing, Info, SignedRequest } from "@rushes/core/upload/schema";
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
type NewFile = NewUpload & { fingerprint: string };

/** Starts an upload, or returns the one that the same key and file started within 24 hours. */
export async function createUpload(
  client: Client,
  file: NewFile,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<Result> {
  const params = { header: { "idempotency-key": idempotencyKey } };
  const sent = client.POST("/api/uploads", {
    params,
    body: { files: [file], checksums: true },
    signal,
  });
  const [result] = (await outcomeOf(answer(sent))).results;
  if (!result) throw new Error("The server answered with fewer uploads than files.");
  if ("error" in result) return result;
  if ("existing" in result) return { existing: Existing.parse(result.existing) };
  return { upload: Info.parse(result.upload), requests: signed(result.requests) };
}

/** The routes of `/api/uploads` that sending this file uses. */
export function uploadApi(client: Client, file: LocalFile): UploadEnvironment["api"] {
  const path = (id: string) => ({ path: { id } });
  return {
    async sign(id, hashed, signal) {
      const init = { params: path(id), body: toSign(hashed), signal };
      return signed(
        (await outcomeOf(answer(client.POST("/api/uploads/{id}/sign", init)))).requests,
      );
    },
    async parts(id, signal) {
      const init = { params: path(id), signal };
      return (await outcomeOf(answer(client.GET("/api/uploads/{id}/parts", init)))).parts;
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
