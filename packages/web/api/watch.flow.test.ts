// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { fill } from "@rushes/testing/rows";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gone, HOUR_MS, rejection, type Shares, SITE, startShares } from "./testing/shares.ts";

let api: Shares;
beforeAll(async () => {
  api = await startShares();
});
afterAll(() => api.stack.close());

describe("a link", () => {
  test("plays its video for anyone who has it, and returns only the fields that are needed", async () => {
    const row = await api.video({ title: "Dailies, day 3" });
    const { address } = await api.shared(row.id);
    const { status, headers, body } = await api.watch(address);
    expect(status).toBe(200);
    expect(body.title).toBe("Dailies, day 3");
    expect(body.playback.renditions).toEqual([
      { label: "720p", kind: "mp4", url: expect.any(String), width: 1280, height: 720 },
    ]);
    for (const url of [body.playback.renditions[0].url, body.playback.posterUrl]) {
      expect(await (await fetch(url)).text()).toBe("bytes");
    }
    expect(Object.keys(body).sort()).toEqual(["durationSeconds", "playback", "title"]);
    expect(Object.keys(body.playback).sort()).toEqual([
      ...["complete", "expires", "posterUrl", "renditions"],
    ]);
    expect(JSON.stringify(body)).not.toMatch(/attachment|rushes-uploads|ownerId|shr_/);
    expect(headers.get("set-cookie")).toBeNull();
  });

  test("returns URLs that expire within a minute, to the second", async () => {
    const { address } = await api.shared((await api.video()).id);
    const asked = Date.now() - 59_000;
    const young = await api.share.open({ address, now: asked });
    const old = await api.share.open({ address, now: asked - 2_000 });
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
    const row = await api.video();
    const [kept, revoked] = [await api.shared(row.id), await api.shared(row.id)];
    expect((await api.watch(revoked.address)).status).toBe(200);
    expect((await api.call("DELETE", `/shares/${revoked.id}`)).status).toBe(204);
    expect(await api.watch(revoked.address)).toMatchObject(gone);
    expect((await api.watch(kept.address)).status).toBe(200);
    const again = await api.call("DELETE", `/shares/${revoked.id}`);
    expect(again).toMatchObject(rejection(404, "share.not_found"));
    const { body } = await api.call("GET", `/jobs/${row.id}/shares`);
    expect(body.shares.map((one: { id: string }) => one.id)).toEqual([kept.id]);
  });

  test("stops working the moment it expires, and is no longer listed", async () => {
    const row = await api.video();
    const { address, time } = await api.shared(row.id, { expiresInHours: 2 });
    const end = Date.parse(time.expires);
    expect(end - Date.parse(time.created)).toBe(2 * HOUR_MS);
    expect((await api.share.open({ address, now: end - 1 })).title).toBe(row.title);
    await expect(api.share.open({ address, now: end })).rejects.toMatchObject({
      code: "share.not_found",
    });
    const list = (now: number) => api.core.asOwner(() => api.share.list(api.core.id(row.id), now));
    expect(await list(end - 1)).toHaveLength(1);
    expect(await list(end)).toEqual([]);
  });

  test("stops working at once when its video is deleted, and leaves no row", async () => {
    const row = await api.video();
    const { id, address } = await api.shared(row.id, { origins: ["https://example.com"] });
    const rows = () => api.core.table.get(api.core.table.key.share(id));
    expect(await rows()).toBeDefined();
    const removing = api.core.asOwner(() => api.core.job.remove(api.core.id(row.id)));
    await expect
      .poll(async () => (await api.core.table.get(api.core.table.key.job(row.id)))?.status, {
        interval: 1,
      })
      .toBe("deleted");
    expect(await api.watch(address)).toMatchObject(gone);
    await removing;
    expect(await rows()).toBeUndefined();
    expect(await api.share.framesOf(address)).toEqual([]);
  });

  test("stops working while its owner is disabled", async () => {
    const ownerId = "own_one";
    const jobId = api.core.id((await api.video({ ownerId })).id);
    const { url } = await api.as({ ownerId }, () => api.share.create({ jobId, origins: [] }));
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
      fill([{ ...api.core.table.key.user(ownerId), ...user, disabled, time }]);
    await set(true);
    expect(await api.watch(address)).toMatchObject(gone);
    await set(false);
    expect((await api.watch(address)).status).toBe(200);
  });

  test("returns the same error if it never existed, is forged or is malformed", async () => {
    const { address } = await api.shared((await api.video()).id);
    const { body: said } = await api.watch(`${"0".repeat(26)}-${address.slice(27)}`);
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
      expect(await api.watch(wrong), wrong).toMatchObject({ status: 404, body: said });
    }
    expect(said.code).toBe("share.not_found");
  });

  test("shows that a video without a finished attempt is not ready yet", async () => {
    const row = await api.video();
    const { address } = await api.shared(row.id);
    await fill([{ ...row, attempt: 2, status: "received", landed: undefined }]);
    expect((await api.watch(address)).body.playback.renditions).toEqual([]);
  });
});

describe("a password", () => {
  test("is required once: the response has a pass for later requests", async () => {
    const { address, hasPassword } = await api.shared((await api.video()).id, {
      password: "café 4",
    });
    expect(hasPassword).toBe(true);
    const asks = rejection(401, "share.password");
    expect(await api.watch(address)).toMatchObject(asks);
    expect(await api.watch(address, {})).toMatchObject(asks);
    expect(await api.watch(address, { password: "cafe 4" })).toMatchObject(asks);
    expect(await api.watch(address, { pass: "" })).toMatchObject(asks);
    // The same letters in another Unicode composition.
    const { status, body } = await api.watch(address, { password: "cafe\u0301 4" });
    expect(status).toBe(200);
    expect((await api.watch(address, { pass: body.pass })).status).toBe(200);
    const other = await api.shared((await api.video()).id, { password: "café 4" });
    expect(await api.watch(other.address, { pass: body.pass })).toMatchObject(asks);
    await api.call("DELETE", `/shares/${other.id}`);
    expect(await api.watch(other.address, { password: "café 4" })).toMatchObject(gone);
  });

  test("is neither stored nor returned in plain text", async () => {
    const row = await api.video();
    const made = await api.shared(row.id, { password: "open sesame" });
    const stored = await api.core.table.get(api.core.table.key.share(made.id));
    expect(JSON.stringify([made, stored])).not.toContain("open sesame");
    expect(stored?.password).toMatchObject({ cost: 2 ** 15, blockSize: 8, parallel: 1 });
  });

  test("cannot be guessed without limit, and correct passwords do not count", async () => {
    const { address } = await api.sharedToGuess((await api.video()).id, "right");
    const window = 600_000;
    const now = Math.ceil(Date.now() / window) * window;
    const guess = (password: string, at = now) => api.share.open({ address, password, now: at });
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
    const { id, address } = await api.sharedToGuess((await api.video()).id, "right");
    const now = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
    const secret = await import("@rushes/core/secret");
    const { withRequest } = await import("@rushes/core/request");
    const of = secret.macOf("limit", `share-password ${id}`);
    const key = api.core.table.key.limit("share-password", of, now / 1000);
    await api.core.table.apply(api.core.table.update({ key, set: { hits: 1000 } }));
    const guess = (password: string, from: string) =>
      withRequest({ address: from, agent: "" }, () => api.share.open({ address, password, now }));
    const guesser = "192.0.2.66";
    for (let tries = 0; tries < 3; tries += 1) {
      await guess("right", guesser);
      await expect(guess("wrong", guesser)).rejects.toMatchObject({ code: "share.password" });
    }
    await expect(guess("wrong", guesser)).rejects.toMatchObject({ code: "rate.limited" });
    expect(await guess("right", "198.51.100.7")).toMatchObject({ pass: expect.any(String) });
  });
});
