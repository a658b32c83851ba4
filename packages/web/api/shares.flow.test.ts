// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Owner } from "@rushes/core/actor";
import { loadCore } from "@rushes/testing/core";
import { OWNER } from "@rushes/testing/owner";
import { fill, jobRow } from "@rushes/testing/rows";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let app: typeof import("./app.ts").app;
let share: typeof import("@rushes/core/share/index");
let actor: typeof import("@rushes/core/actor");
let secret: typeof import("@rushes/core/secret");
let withRequest: typeof import("@rushes/core/request").withRequest;

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  ({ app } = await import("./app.ts"));
  share = await import("@rushes/core/share/index");
  actor = await import("@rushes/core/actor");
  secret = await import("@rushes/core/secret");
  ({ withRequest } = await import("@rushes/core/request"));
});
afterAll(() => stack.close());

const HOUR_MS = 3_600_000;
const SITE = "http://127.0.0.1:3000";

/** A video with one rendition and a poster, whose objects exist. */
async function video(fields: Parameters<typeof jobRow>[0] = {}) {
  const row = { ...jobRow(fields), landed: new Set(["720p", "poster"]) };
  const keyOf = (name: string) => `${row.id}/1/clip/clip-${name}`;
  const rendition = (label: string, key: string) => ({
    ...core.table.key.rendition(row.id, 1, label),
    ...{ label, key, attempt: 1, sizeBytes: 5, checksum: "etag:0", width: 1280, height: 720 },
    kind: label === "poster" ? "poster" : "mp4",
    time: { landed: row.time.created },
  });
  const keys = { video: keyOf("720p.mp4"), poster: keyOf("poster.0000000.jpg") };
  await fill([row, rendition("720p", keys.video), rendition("poster", keys.poster)]);
  for (const Key of Object.values(keys)) {
    await core.storage.s3.send(
      new PutObjectCommand({ Bucket: "rushes-renditions", Key, Body: "bytes" }),
    );
  }
  return row;
}

async function call(method: string, path: string, body?: unknown) {
  const response = await app.request(`${SITE}/api${path}`, {
    method,
    ...(body !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}

/** Shares a video. Returns the share with the address from its link. */
async function shared(jobId: string, fields: Record<string, unknown> = {}) {
  const { status, body } = await call("POST", `/jobs/${jobId}/shares`, fields);
  expect(status).toBe(201);
  return { ...body.share, address: body.share.url.slice(`${SITE}/watch/`.length) };
}

const as = <R>(fields: Partial<Owner>, run: () => R) =>
  actor.withActor({ ...OWNER, role: "member", ...fields }, run);

const watch = (address: string, body?: unknown) => call("POST", `/watch/${address}`, body);
const refused = (status: number, code: string) => ({ status, body: { code } });
const gone = refused(404, "share.not_found");

describe("a link", () => {
  test("plays its video for anyone who has it, and returns only the fields that are needed", async () => {
    const row = await video({ title: "Dailies, day 3" });
    const { address } = await shared(row.id);
    const { status, headers, body } = await watch(address);
    expect(status).toBe(200);
    expect(body.title).toBe("Dailies, day 3");
    expect(body.playback.renditions).toEqual([
      { label: "720p", kind: "mp4", url: expect.any(String), width: 1280, height: 720 },
    ]);
    for (const url of [body.playback.renditions[0].url, body.playback.posterUrl]) {
      expect(await (await fetch(url)).text()).toBe("bytes");
    }
    expect(Object.keys(body).sort()).toEqual(["durationSeconds", "playback", "title"]);
    expect(Object.keys(body.playback).sort()).toEqual(["expires", "posterUrl", "renditions"]);
    expect(JSON.stringify(body)).not.toMatch(/attachment|rushes-uploads|ownerId|shr_/);
    expect(headers.get("set-cookie")).toBeNull();
  });

  test("returns URLs that expire within a minute, to the second", async () => {
    const { address } = await shared((await video()).id);
    const asked = Date.now() - 59_000;
    const young = await share.open({ address, now: asked });
    const old = await share.open({ address, now: asked - 2_000 });
    expect(Date.parse(young.playback.expires) - asked).toBeLessThanOrEqual(60_000);
    const urls = [young, old].map(({ playback }) => [
      playback.renditions[0]?.url ?? "",
      playback.posterUrl ?? "",
    ]);
    const statuses = await Promise.all(urls.flat().map(async (url) => (await fetch(url)).status));
    expect(statuses.slice(2)).toEqual([403, 403]);
    for (const url of urls[0] ?? []) {
      const ends = Number(new URL(url).searchParams.get("Expires"));
      expect(ends).toBe(Math.floor(asked / 1000) + 60);
    }
  });

  test("stops working the moment it is revoked", async () => {
    const row = await video();
    const [kept, revoked] = [await shared(row.id), await shared(row.id)];
    expect((await watch(revoked.address)).status).toBe(200);
    expect((await call("DELETE", `/shares/${revoked.id}`)).status).toBe(204);
    expect(await watch(revoked.address)).toMatchObject(gone);
    expect((await watch(kept.address)).status).toBe(200);
    const again = await call("DELETE", `/shares/${revoked.id}`);
    expect(again).toMatchObject(refused(404, "share.not_found"));
    const { body } = await call("GET", `/jobs/${row.id}/shares`);
    expect(body.shares.map((one: { id: string }) => one.id)).toEqual([kept.id]);
  });

  test("stops working the moment it expires, and is no longer listed", async () => {
    const row = await video();
    const { address, time } = await shared(row.id, { expiresInHours: 2 });
    const end = Date.parse(time.expires);
    expect(end - Date.parse(time.created)).toBe(2 * HOUR_MS);
    expect((await share.open({ address, now: end - 1 })).title).toBe(row.title);
    await expect(share.open({ address, now: end })).rejects.toMatchObject({
      code: "share.not_found",
    });
    const list = (now: number) => core.asOwner(() => share.list(core.id(row.id), now));
    expect(await list(end - 1)).toHaveLength(1);
    expect(await list(end)).toEqual([]);
  });

  test("stops working at once when its video is deleted, and leaves no row", async () => {
    const row = await video();
    const { id, address } = await shared(row.id, { origins: ["https://example.com"] });
    const rows = () => core.table.get(core.table.key.share(id));
    expect(await rows()).toBeDefined();
    const burying = core.asOwner(() => core.job.remove(core.id(row.id)));
    await expect
      .poll(async () => (await core.table.get(core.table.key.job(row.id)))?.status, { interval: 1 })
      .toBe("deleted");
    expect(await watch(address)).toMatchObject(gone);
    await burying;
    expect(await rows()).toBeUndefined();
    expect(await share.framesOf(address)).toEqual([]);
  });

  test("stops working while its owner is disabled", async () => {
    const ownerId = "own_one";
    const jobId = core.id((await video({ ownerId })).id);
    const { url } = await as({ ownerId }, () => share.create({ jobId, origins: [] }));
    const address = url.slice(`${SITE}/watch/`.length);
    const time = { created: new Date().toISOString(), seen: new Date().toISOString() };
    const user = {
      id: "own_one",
      email: "one@example.com",
      role: "member",
      issuer: "i",
      subject: "s",
    };
    const set = (disabled: boolean) =>
      fill([{ ...core.table.key.user(ownerId), ...user, disabled, time }]);
    await set(true);
    expect(await watch(address)).toMatchObject(gone);
    await set(false);
    expect((await watch(address)).status).toBe(200);
  });

  test("returns the same error if it never existed, is forged or is malformed", async () => {
    const { address } = await shared((await video()).id);
    const { body: said } = await watch(`${"0".repeat(26)}-${address.slice(27)}`);
    for (const wrong of [
      address.slice(0, -2),
      `${address}A`,
      address.toLowerCase(),
      `shr_${address}`,
      "nonsense",
      "%00",
      "..%2F..%2Fjobs",
      "a".repeat(1500),
    ]) {
      expect(await watch(wrong), wrong).toMatchObject({ status: 404, body: said });
    }
    expect(said.code).toBe("share.not_found");
  });

  test("shows that a video without a finished attempt is not ready yet", async () => {
    const row = await video();
    const { address } = await shared(row.id);
    await fill([{ ...row, attempt: 2, status: "received", landed: undefined }]);
    expect((await watch(address)).body.playback.renditions).toEqual([]);
  });
});

describe("a password", () => {
  test("is required once: the response has a pass for later requests", async () => {
    const { address, hasPassword } = await shared((await video()).id, { password: "café 4" });
    expect(hasPassword).toBe(true);
    const asks = refused(401, "share.password");
    expect(await watch(address)).toMatchObject(asks);
    expect(await watch(address, {})).toMatchObject(asks);
    expect(await watch(address, { password: "cafe 4" })).toMatchObject(asks);
    expect(await watch(address, { pass: "" })).toMatchObject(asks);
    // The same letters in another Unicode composition.
    const { status, body } = await watch(address, { password: "cafe\u0301 4" });
    expect(status).toBe(200);
    expect((await watch(address, { pass: body.pass })).status).toBe(200);
    const other = await shared((await video()).id, { password: "café 4" });
    expect(await watch(other.address, { pass: body.pass })).toMatchObject(asks);
    await call("DELETE", `/shares/${other.id}`);
    expect(await watch(other.address, { password: "café 4" })).toMatchObject(gone);
  });

  test("is neither stored nor returned in plain text", async () => {
    const row = await video();
    const made = await shared(row.id, { password: "open sesame" });
    const stored = await core.table.get(core.table.key.share(made.id));
    expect(JSON.stringify([made, stored])).not.toContain("open sesame");
    expect(stored?.password).toMatchObject({ cost: 2 ** 15, blockSize: 8, parallel: 1 });
  });

  test("cannot be guessed without limit, and correct passwords do not count", async () => {
    const { address } = await shared((await video()).id, { password: "right" });
    const window = 600_000;
    const now = Math.ceil(Date.now() / window) * window;
    const guess = (password: string, at = now) => share.open({ address, password, now: at });
    const wrong = { code: "share.password" };
    const guesses = Array.from({ length: 19 }, () =>
      expect(guess("wrong")).rejects.toMatchObject(wrong),
    );
    await Promise.all(guesses);
    for (let visitors = 0; visitors < 3; visitors += 1) await guess("right");
    await expect(guess("wrong")).rejects.toMatchObject(wrong);
    const waits = { code: "rate.limited", retryAfterSeconds: 600 };
    await expect(guess("right")).rejects.toMatchObject(waits);
    expect(await guess("right", now + window)).toMatchObject({ pass: expect.any(String) });
  });

  test("is rate-limited across all addresses, and still accepted from those who know it", async () => {
    const { id, address } = await shared((await video()).id, { password: "right" });
    const now = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
    const of = secret.macOf("limit", `share-password ${id}`);
    const key = core.table.key.limit("share-password", of, now / 1000);
    await core.table.apply(core.table.update({ key, set: { hits: 1000 } }));
    const guess = (password: string, from: string) =>
      withRequest({ address: from, agent: "" }, () => share.open({ address, password, now }));
    const guesser = "192.0.2.66";
    for (let tries = 0; tries < 3; tries += 1) {
      await guess("right", guesser);
      await expect(guess("wrong", guesser)).rejects.toMatchObject({ code: "share.password" });
    }
    await expect(guess("wrong", guesser)).rejects.toMatchObject({ code: "rate.limited" });
    expect(await guess("right", "198.51.100.7")).toMatchObject({ pass: expect.any(String) });
  });
});

describe("the frame", () => {
  test("is allowed for the listed origins, and for none once the link stops working", async () => {
    const row = await video();
    const origins = ["https://example.com", "https://example.com", "http://localhost:8080"];
    const made = await shared(row.id, { origins, expiresInHours: 1 });
    expect(made.embedUrl).toBe(`${SITE}/embed/${made.address}`);
    expect(await share.framesOf(made.address)).toEqual([origins[0], origins[2]]);
    expect(await share.framesOf(made.address, Date.parse(made.time.expires))).toEqual([]);
    expect(await share.framesOf(`${made.address.slice(0, -1)}_`)).toEqual([]);
    await call("DELETE", `/shares/${made.id}`);
    expect(await share.framesOf(made.address)).toEqual([]);
    const plain = await shared(row.id);
    expect(plain.embedUrl).toBeUndefined();
    expect(await share.framesOf(plain.address)).toEqual([]);
  });

  test("rejects an invalid origin", async () => {
    const row = await video();
    const answer = await call("POST", `/jobs/${row.id}/shares`, { origins: ["https://*"] });
    expect(answer).toMatchObject(refused(400, "request.invalid"));
    expect(answer.body.message).toContain("origins.0");
  });
});

describe("the owner", () => {
  const stranger = { ownerId: "stranger" };

  test("can access the video; for others neither the video nor the link exists", async () => {
    const row = await video();
    const jobId = core.id(row.id);
    const made = await as({}, () => share.create({ jobId, origins: [] }));
    const noJob = { code: "job.not_found" };
    const make = () => share.create({ jobId, origins: [] });
    await expect(as(stranger, make)).rejects.toMatchObject(noJob);
    await expect(as(stranger, () => share.list(jobId))).rejects.toMatchObject(noJob);
    const revoke = () => share.remove(made.id);
    await expect(as(stranger, revoke)).rejects.toMatchObject({ code: "share.not_found" });
    const admin = { ...stranger, role: "admin", via: "session" } as const;
    const second = await as(admin, make);
    expect(await as({}, () => share.list(jobId))).toMatchObject([
      { id: second.id },
      { id: made.id },
    ]);
    await as({}, () => share.remove(second.id));
    await as(admin, () => share.remove(made.id));
    expect(await as({}, () => share.list(jobId))).toEqual([]);
  });

  test("must be signed in: a token creates no link, but can revoke one with its scope", async () => {
    const jobId = core.id((await video()).id);
    const token = { via: "token" } as const;
    const make = () => share.create({ jobId, origins: [] });
    await expect(as(token, make)).rejects.toMatchObject({ code: "actor.person" });
    await expect(make()).rejects.toMatchObject({ code: "actor.required" });
    const { id } = await as({}, make);
    const revoke = () => share.remove(id);
    const reader = { ...token, scopes: ["read"] } as const;
    await expect(as(reader, revoke)).rejects.toMatchObject({ code: "actor.scope" });
    await expect(as(reader, () => share.list(jobId))).rejects.toMatchObject({
      code: "actor.scope",
    });
    await expect(revoke()).rejects.toMatchObject({ code: "actor.required" });
    await as(token, revoke);
  });

  test("creates at most fifty links for one video, without expired ones", async () => {
    const jobId = core.id((await video()).id);
    const now = Date.now();
    const make = (at = now) =>
      as({}, () => share.create({ jobId, origins: [], expiresInHours: 1, now: at }));
    for (let made = 0; made < 50; made += 10)
      await Promise.all(Array.from({ length: 10 }, () => make()));
    await expect(make()).rejects.toMatchObject({ code: "share.too_many", kind: "conflict" });
    expect((await make(now + HOUR_MS)).jobId).toBe(jobId);
  });

  test("is recorded in the audit log with the video, without the link", async () => {
    const row = await video();
    const { id, address } = await shared(row.id);
    await call("DELETE", `/shares/${id}`);
    const day = core.table.key.audit(new Date().toISOString(), "").pk;
    const rows = await core.table.queryAll({ partition: day });
    const about = rows.filter((one) => one.target === id);
    expect(about).toMatchObject([
      { action: "share.created", detail: { jobId: row.id }, ownerId: "local" },
      { action: "share.revoked", detail: { jobId: row.id }, ownerId: "local" },
    ]);
    expect(JSON.stringify(rows)).not.toContain(address);
  });
});

test("the share routes return 404 for a missing video or link", async () => {
  const unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const noJob = refused(404, "job.not_found");
  for (const id of [`job_${unknown}`, "nonsense"]) {
    expect(await call("GET", `/jobs/${id}/shares`)).toMatchObject(noJob);
    expect(await call("POST", `/jobs/${id}/shares`, {})).toMatchObject(noJob);
  }
  for (const id of [`shr_${unknown}`, "nonsense", `job_${unknown}`]) {
    const answer = await call("DELETE", `/shares/${id}`);
    expect(answer).toMatchObject({
      status: 404,
      body: { code: "share.not_found", message: "There is no such share." },
    });
  }
  const row = await video();
  for (const wrong of [{ expiresInHours: 0 }, { expiresInHours: 9000 }, { password: "abc" }]) {
    const answer = await call("POST", `/jobs/${row.id}/shares`, wrong);
    expect(answer).toMatchObject(refused(400, "request.invalid"));
  }
});
