import { STORAGE_FULL } from "../full.ts";
import type { Outcome } from "./upload-error.ts";

/** A response of XHR or fetch. Status 0 means that there was none. */
export interface StorageResponse {
  status: number;
  text: string;
  retryAfter?: string | null;
}

/** Codes that S3 returns with status 400 although the same request may succeed next time. */
const TRANSIENT = new Set(["RequestTimeout", "IncompleteBody"]);
/** Codes for bytes that were changed in transit. */
const DAMAGED = new Set(["BadDigest", "InvalidDigest"]);

/** Milliseconds of a Retry-After header: seconds or an HTTP date. At most five minutes. */
export function retryAfterMs(value: string | null | undefined, nowMs: number): number | undefined {
  if (!value) return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - nowMs;
  if (!Number.isFinite(ms)) return undefined;
  return Math.min(Math.max(ms, 0), 300_000);
}

function transient(answer: Omit<StorageResponse, "text">, nowMs: number): Outcome | undefined {
  const { status } = answer;
  if (status !== 0 && status !== 408 && status !== 425 && status !== 429 && status < 500) return;
  const afterMs = retryAfterMs(answer.retryAfter, nowMs);
  return afterMs === undefined ? { type: "retry" } : { type: "retry", afterMs };
}

/** Maps S3's error for a PUT to an outcome for the file. Retry-After dates count from `nowMs`. */
export function storageOutcome(answer: StorageResponse, nowMs: number): Outcome {
  const code = /<Code>([^<]*)<\/Code>/.exec(answer.text)?.[1] ?? "";
  if (code === STORAGE_FULL.wireCode) {
    return { type: "fail", problem: { type: "storage_full" } };
  }
  if (TRANSIENT.has(code)) return { type: "retry" };
  if (DAMAGED.has(code)) return { type: "retry", damaged: true };
  if (code === "RequestTimeTooSkewed") return { type: "fail", problem: { type: "denied" } };
  if (answer.status === 403 || code === "ExpiredToken") return { type: "sign" };
  if (answer.status === 413 || code === "EntityTooLarge") {
    return { type: "fail", problem: { type: "too_large" } };
  }
  if (answer.status === 404) return { type: "fail", problem: { type: "expired" } };
  // S3 has an object at this key. It is nearly always this file, whose response was lost. The checksum decides.
  if (answer.status === 412) return { type: "exists" };
  // Simultaneous conditional writes. AWS documents that the client should retry.
  if (answer.status === 409) return { type: "retry" };
  return (
    transient(answer, nowMs) ?? {
      type: "fail",
      problem: {
        type: "refused",
        message: `The storage rejected this file (${code || answer.status}). Try again, or check its log.`,
      },
    }
  );
}

/** Maps an error of the API to an outcome for the file. */
export function apiOutcome(
  answer: Omit<StorageResponse, "text"> & { code: string; message: string },
  nowMs: number,
): Outcome {
  switch (answer.code) {
    // The file waits until its owner signs in, also while another user is signed in.
    case "actor.required":
    case "session.other":
      return { type: "sign_in" };
    case "upload.empty":
      return { type: "fail", problem: { type: "empty" } };
    case "upload.too_large":
      return { type: "fail", problem: { type: "too_large", message: answer.message } };
    case "upload.not_found":
    case "upload.closed":
      return { type: "fail", problem: { type: "expired" } };
    case STORAGE_FULL.code:
      return { type: "fail", problem: { type: "storage_full" } };
    case "upload.incomplete":
      return { type: "incomplete" };
  }
  const { message } = answer;
  return transient(answer, nowMs) ?? { type: "fail", problem: { type: "refused", message } };
}
