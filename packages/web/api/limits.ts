/**
 * Holds floods off. Counted in the memory of this process: it costs nothing, and where several processes
 * serve the app, each lets that many through. What guards secrets against guessing is counted for all
 * of them together, in the table (core/limit).
 */
import * as Actor from "@rushes/core/actor";
import { VisibleError } from "@rushes/core/error";
import { formatWait } from "@rushes/core/format";
import { networkOf } from "@rushes/core/http/network";
import { request } from "@rushes/core/request";
import type { MiddlewareHandler } from "hono";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** Short, so that whoever is stopped waits seconds; the figures are for one window. */
const WINDOW_SECONDS = 10;

/**
 * An actor's requests. A page asks for changes once or twice a second, and a job's page too; the upload
 * engine has six requests in flight, most of them to S3. A hundred a second is ten busy tabs, or a
 * script that lists a large archive.
 */
const REQUESTS = 1000;
/**
 * Of them, those that start uploads or sign parts: a call may take a hundred files or parts and then
 * costs up to 70 ms of CPU time. 10,000 parts are 200 calls, in the time that a 10 Gb/s line takes for
 * them 15 a window. A script with a file a call may start ten a second. Links count here too: to hash
 * the password of one costs more.
 */
const STARTS = 100;
/**
 * Requests of one address by nobody we know: sign-ins, and visitors of shares, who come back every
 * minute; enough for a lecture hall that opens a link at the same time. Wrong tokens and cookies count
 * here too: nobody guesses 190 bits, so that memory will do for them.
 */
const STRANGERS = 300;

const limiter = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_SECONDS });

/** Counters of their own for every app that is made. */
export function createLimits() {
  const [requests, starts, strangers] = [limiter(REQUESTS), limiter(STARTS), limiter(STRANGERS)];

  /** For routes that ask for no sign-in. Needs `client` before it. */
  const perAddress: MiddlewareHandler = async (_, next) => {
    await take(strangers, networkOf(request()?.address ?? ""));
    await next();
  };

  /** For all others: stands after the actor is known, and counts who is nobody by address. */
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
