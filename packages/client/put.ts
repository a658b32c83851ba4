import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { storageOutcome } from "@rushes/core/transfer/outcome";
import type { Put } from "@rushes/core/transfer/ports";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { type LocalFile, unreadable } from "./file.ts";

/** A request without progress for this time is aborted and sent again. */
const STALL_MS = 60_000;

type PutOptions = Parameters<Put>[2];
/** The file whose parts are sent. */
type Sent = Pick<LocalFile, "assertUnchanged">;

/**
 * Sends parts of this file. Uses `node:http`: `fetch` does not report progress, and cannot send a stream with a length.
 */
export function putOf(file: Sent): Put {
  return async (request, body, options) => {
    const { status, headers, body: message } = await send(request, body, file, options);
    if (status >= 200 && status < 300) return;
    const answer = { status, text: message, retryAfter: headers["retry-after"] };
    throw new UploadError(storageOutcome(answer, Date.now()));
  };
}

async function send(
  { method, url, headers }: Parameters<Put>[0],
  body: Blob,
  file: Sent,
  { signal, onProgress }: PutOptions,
) {
  const { request } = url.startsWith("https:") ? https : http;
  const sent = { ...headers, "content-length": String(body.size) };
  const outgoing = request(url, { method, headers: sent, signal, timeout: STALL_MS });
  outgoing.once("timeout", () => outgoing.destroy(new Error("The request has stalled.")));
  const answered = once(outgoing, "response");
  // Its error reaches the request, which rejects `answered`. A response may also arrive before the last byte is sent.
  pipeline(Readable.from(bytesOf(body, file, onProgress)), outgoing).catch(() => {});
  try {
    const [response]: http.IncomingMessage[] = await answered;
    if (!response) throw new Error("There is no response.");
    const { statusCode: status = 0, headers } = response;
    return { status, headers, body: await text(response) };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof UploadError ? error : new UploadError({ type: "retry" });
  } finally {
    if (!outgoing.writableFinished) outgoing.destroy();
  }
}

/**
 * The bytes of a part. The last ones follow only if the file has not changed meanwhile: the storage stores nothing of a
 * request that is too short.
 */
async function* bytesOf(body: Blob, file: Sent, onProgress: PutOptions["onProgress"]) {
  let sentBytes = 0;
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of body.stream()) {
      if (held) {
        yield held;
        sentBytes += held.length;
        onProgress(sentBytes);
      }
      held = chunk;
    }
  } catch {
    throw unreadable();
  }
  await file.assertUnchanged();
  if (held) yield held;
}
