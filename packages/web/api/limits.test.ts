import { type Owner, SCOPES, withActor } from "@rushes/core/actor";
import { Hono } from "hono";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { client } from "./client.ts";
import { onError } from "./errors.ts";
import { createLimits } from "./limits.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const owner = (ownerId: string): Owner => ({
  type: "owner",
  ownerId,
  email: "a@example.com",
  role: "member",
  scopes: SCOPES,
  via: "session",
});

/** An app that accepts any claimed actor. */
function start() {
  const { perActor, perAddress } = createLimits();
  const app = new Hono();
  app.onError(onError);
  app.use(client);
  app.post("/api/watch/:address", perAddress, (c) => c.json({}));
  app.use((c, next) => {
    const name = c.req.header("x-owner");
    return name === undefined ? next() : withActor(owner(name), next);
  });
  app.use(perActor);
  app.all("*", (c) => c.json({}));
  return {
    async ask(path: string, by: { owner?: string; from?: string; method?: string } = {}) {
      const headers = new Headers({ "x-forwarded-for": by.from ?? "192.0.2.1" });
      if (by.owner !== undefined) headers.set("x-owner", by.owner);
      return app.request(path, { method: by.method ?? "GET", headers });
    },
  };
}

/** How many of `count` requests succeed before one is rejected. */
async function passed(count: number, one: () => Promise<Response>): Promise<number> {
  for (let number = 0; number < count; number += 1) if ((await one()).status === 429) return number;
  return count;
}

test("rejects too many requests with the wait, and answers after it", async () => {
  const { ask } = start();
  expect(await passed(2000, () => ask("/api/jobs", { owner: "anna" }))).toBe(1000);
  const rejected = await ask("/api/jobs", { owner: "anna" });
  expect(rejected.status).toBe(429);
  expect(rejected.headers.get("retry-after")).toBe("10");
  expect(await rejected.json()).toEqual({
    code: "rate.limited",
    message: "Too many requests. Wait 10 seconds and try again.",
  });
  vi.advanceTimersByTime(10_001);
  expect((await ask("/api/jobs", { owner: "anna" })).status).toBe(200);
});

test("limits no other user, not even behind the same address", async () => {
  const { ask } = start();
  await passed(2000, () => ask("/api/jobs", { owner: "anna" }));
  await passed(500, () => ask("/api/jobs"));
  expect((await ask("/api/jobs", { owner: "bert" })).status).toBe(200);
  expect((await ask("/api/jobs", { from: "192.0.2.2" })).status).toBe(200);
});

test("has a lower limit for starting uploads, signing parts and creating links than for the rest", async () => {
  const { ask } = start();
  const by = { owner: "anna", method: "POST" };
  expect(await passed(60, () => ask("/api/uploads", by))).toBe(60);
  expect(await passed(10, () => ask("/api/jobs/job_1/shares", by))).toBe(10);
  expect(await passed(60, () => ask("/api/uploads/upl_1/sign", by))).toBe(30);
  expect((await ask("/api/uploads", { owner: "anna" })).status).toBe(200);
  expect((await ask("/api/uploads/upl_1/complete", by)).status).toBe(200);
});

test("limits anonymous callers by address, on visitor routes and on all others", async () => {
  const { ask } = start();
  const watch = () => ask("/api/watch/abc", { method: "POST" });
  expect(await passed(200, watch)).toBe(200);
  expect(await passed(200, () => ask("/api/jobs"))).toBe(100);
  expect((await watch()).status).toBe(429);
});

test("applies one limit to a network with many IPv6 addresses", async () => {
  const { ask } = start();
  let number = 0;
  const next = () => {
    number += 1;
    return ask("/api/jobs", { from: `2001:db8:1:2::${number.toString(16)}` });
  };
  expect(await passed(500, next)).toBe(300);
  expect((await ask("/api/jobs", { from: "2001:db8:1:3::1" })).status).toBe(200);
});

test("signs a file of 10,000 parts as fast as a 10 Gb/s connection uploads it", async () => {
  const { ask } = start();
  const by = { owner: "anna", method: "POST" };
  // 168 GB take 134 s. In batches of 50 parts, that is a call every 670 ms.
  for (let call = 0; call < 200; call += 1) {
    expect((await ask("/api/uploads/upl_1/sign", by)).status).toBe(200);
    vi.advanceTimersByTime(670);
  }
});
