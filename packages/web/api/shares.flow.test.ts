// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOUR_MS, rejection, type Shares, SITE, startShares } from "./testing/shares.ts";

let api: Shares;
beforeAll(async () => {
  api = await startShares();
});
afterAll(() => api.stack.close());

describe("the frame", () => {
  test("is allowed for the listed origins, and for none once the link stops working", async () => {
    const row = await api.video();
    const origins = ["https://example.com", "https://example.com", "http://localhost:8080"];
    const made = await api.shared(row.id, { origins, expiresInHours: 1 });
    expect(made.embedUrl).toBe(`${SITE}/embed/${made.address}`);
    expect(await api.share.framesOf(made.address)).toEqual([origins[0], origins[2]]);
    expect(await api.share.framesOf(made.address, Date.parse(made.time.expires))).toEqual([]);
    expect(await api.share.framesOf(`${made.address.slice(0, -1)}_`)).toEqual([]);
    await api.call("DELETE", `/shares/${made.id}`);
    expect(await api.share.framesOf(made.address)).toEqual([]);
    const plain = await api.shared(row.id);
    expect(plain.embedUrl).toBeUndefined();
    expect(await api.share.framesOf(plain.address)).toEqual([]);
  });

  test("rejects an invalid origin", async () => {
    const row = await api.video();
    const answer = await api.call("POST", `/jobs/${row.id}/shares`, { origins: ["https://*"] });
    expect(answer).toMatchObject(rejection(400, "request.invalid"));
    expect(answer.body.message).toContain("origins.0");
  });
});

describe("the owner", () => {
  const stranger = { ownerId: "stranger" };

  test("can access the video; for others neither the video nor the link exists", async () => {
    const row = await api.video();
    const jobId = api.core.id(row.id);
    const made = await api.as({}, () => api.share.create({ jobId, origins: [] }));
    const noJob = { code: "job.not_found" };
    const make = () => api.share.create({ jobId, origins: [] });
    await expect(api.as(stranger, make)).rejects.toMatchObject(noJob);
    await expect(api.as(stranger, () => api.share.list(jobId))).rejects.toMatchObject(noJob);
    const revoke = () => api.share.remove(made.id);
    await expect(api.as(stranger, revoke)).rejects.toMatchObject({ code: "share.not_found" });
    const admin = { ...stranger, role: "admin", via: "session" } as const;
    const second = await api.as(admin, make);
    expect(await api.as({}, () => api.share.list(jobId))).toMatchObject([
      { id: second.id },
      { id: made.id },
    ]);
    await api.as({}, () => api.share.remove(second.id));
    await api.as(admin, () => api.share.remove(made.id));
    expect(await api.as({}, () => api.share.list(jobId))).toEqual([]);
  });

  test("is created by a token with the scope share, which can also list and revoke it", async () => {
    const jobId = api.core.id((await api.video()).id);
    const token = { via: "token", scopes: ["share"] } as const;
    const manager = { via: "token", scopes: ["upload", "read", "manage"] } as const;
    const make = () => api.share.create({ jobId, origins: [] });
    await expect(api.as(manager, make)).rejects.toMatchObject({ code: "actor.scope" });
    await expect(make()).rejects.toMatchObject({ code: "actor.required" });
    const { id } = await api.as(token, make);
    for (const one of [token, manager]) {
      expect(await api.as(one, () => api.share.list(jobId))).toMatchObject([{ id }]);
    }
    const revoke = () => api.share.remove(id);
    const reader = { ...token, scopes: ["read"] } as const;
    await expect(api.as(reader, revoke)).rejects.toMatchObject({ code: "actor.scope" });
    await expect(api.as(reader, () => api.share.list(jobId))).rejects.toMatchObject({
      code: "actor.scope",
    });
    await expect(revoke()).rejects.toMatchObject({ code: "actor.required" });
    await api.as(token, revoke);
  });

  test("creates at most fifty links for one video, without expired ones", async () => {
    const jobId = api.core.id((await api.video()).id);
    const now = Date.now();
    const make = (at = now) =>
      api.as({}, () => api.share.create({ jobId, origins: [], expiresInHours: 1, now: at }));
    for (let made = 0; made < 50; made += 10)
      await Promise.all(Array.from({ length: 10 }, () => make()));
    await expect(make()).rejects.toMatchObject({ code: "share.too_many", kind: "conflict" });
    expect((await make(now + HOUR_MS)).jobId).toBe(jobId);
  });

  test("is recorded in the audit log with the video, without the link", async () => {
    const row = await api.video();
    const { id, address } = await api.shared(row.id);
    await api.call("DELETE", `/shares/${id}`);
    const day = api.core.table.key.audit(new Date().toISOString(), "").pk;
    const rows = await api.core.table.queryAll({ partition: day });
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
  const noJob = rejection(404, "job.not_found");
  for (const id of [`job_${unknown}`, "nonsense"]) {
    expect(await api.call("GET", `/jobs/${id}/shares`)).toMatchObject(noJob);
    expect(await api.call("POST", `/jobs/${id}/shares`, {})).toMatchObject(noJob);
  }
  for (const id of [`shr_${unknown}`, "nonsense", `job_${unknown}`]) {
    const answer = await api.call("DELETE", `/shares/${id}`);
    expect(answer).toMatchObject({
      status: 404,
      body: { code: "share.not_found", message: "There is no such share." },
    });
  }
  const row = await api.video();
  for (const wrong of [{ expiresInHours: 0 }, { expiresInHours: 9000 }, { password: "abc" }]) {
    const answer = await api.call("POST", `/jobs/${row.id}/shares`, wrong);
    expect(answer).toMatchObject(rejection(400, "request.invalid"));
  }
});
