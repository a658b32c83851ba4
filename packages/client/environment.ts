import { setTimeout as sleep } from "node:timers/promises";
import type { RetryEnvironment } from "@rushes/core/transfer/retry";
import { UploadError } from "@rushes/core/transfer/upload-error";

/** Half an hour: longer than a restart of the server or of a router. */
export const RETRY_FOR_MS = 30 * 60_000;
const OUTAGE =
  "The server has not responded for a long time. It keeps the parts that it has: try again to continue.";
const NO_TOKEN = "The server no longer accepts your token. Run `rushes login`, then try again.";

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal });

/** Node as the environment of an upload. */
export function nodeEnvironment(retryForMs = RETRY_FOR_MS): RetryEnvironment {
  return {
    sleep: pause,
    random: Math.random,
    now: Date.now,
    network: { online: () => true, back: pause },
    giveUp: { afterMs: retryForMs, message: OUTAGE },
    session: {
      // A token that is rejected once does not become valid again.
      back: () =>
        Promise.reject(
          new UploadError({ type: "fail", problem: { type: "refused", message: NO_TOKEN } }),
        ),
    },
  };
}
