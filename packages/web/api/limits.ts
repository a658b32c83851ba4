/**
 * Rate limits. They are counted in the memory of this process, which costs nothing. If several processes serve the app,
 * each allows this many. Limits against guessing secrets are counted in the table, for all processes together
 * (core/limit).
 */
import * as Actor from "@rushes/core/actor";
import { VisibleError } from "@rushes/core/error";
import { formatWait } from "@rushes/core/format";
import { networkOf } from "@rushes/core/http/network";
import { request } from "@rushes/core/request";
import type { MiddlewareHandler } from "hono";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** Short, so that a limited client waits only seconds. The limits below are per window. */
const WINDOW_SECONDS = 10;

/**
 * An actor's requests. The list and a job's page each poll once or twice a second, and the upload engine has six
 * requests in flight, most of them to S3. A hundred requests a second are ten busy tabs, or a script that lists a large
 * archive.
 */
const REQUESTS = 1000;
/**
 * Of these, requests that start uploads or sign parts: a call may include a hundred files or parts, which costs up to
 * 70 ms of CPU time. 10,000 parts are 200 calls, or 15 per window on a 10 Gb/s line. A script with one file per call
 * may start ten a second. Share links count here too, because hashing a password costs more.
 */
const STARTS = 100;
/**
 * Unauthenticated requests of one address: sign-ins, and visitors of share links, who return every minute. Enough for a
 * lecture hall that opens a link at once. Wrong tokens and cookies count here too: nobody can guess 190 bits, so a
 * count in memory is enough.
 */
const STRANGERS = 300;

const limiter = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_SECONDS });

/** Each app has its own counters. */
export function createLimits() {
  const [requests, starts, strangers] = [limiter(REQUESTS), limiter(STARTS), limiter(STRANGERS)];

  /** For routes without sign-in. Needs `client` before it. */
  const perAddress: MiddlewareHandler = async (_, next) => {
    await take(strangers, networkOf(request()?.address ?? ""));
    await next();
  };

  /** For all other routes. Runs after the actor is determined, and counts anonymous requests by address. */
  const perActor: MiddlewareHandler = async (c, next) => {
    const actor = Actor.current();
    if (actor?.type !== "owner") return perAddress(c, next);
    await take(requests, actor.ownerId);
    if (c.req.method === "POST" && isCostly(c.req.path)) await take(starts, actor.ownerId);
    await next();
  };

  return { perAddress, perActor };
}

const isCostly = (path: string) =>
  /^\/api\/(uploads(\/[^/]+\/sign)?|jobs\/[^/]+\/shares)\/?$/.test(path);

async function take(from: RateLimiterMemory, key: string): Promise<void> {
  try {
    await from.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    const message = `Too many requests. Wait ${formatWait(seconds)} and try again.`;
    throw new VisibleError("rate", "rate.limited", message, seconds);
  }
}
