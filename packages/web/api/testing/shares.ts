/** A stack with the API, and videos that can be shared. */
import "@hono/zod-openapi";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Owner } from "@rushes/core/actor";
import { loadCore } from "@rushes/testing/core";
import { OWNER } from "@rushes/testing/owner";
import { fill, jobRow } from "@rushes/testing/rows";
import { startStack } from "@rushes/testing/stack";
import { expect } from "vitest";

export const SITE = "http://127.0.0.1:3000";
export const HOUR_MS = 3_600_000;

export const rejection = (status: number, code: string) => ({ status, body: { code } });
export const gone = rejection(404, "share.not_found");

/** A video with one rendition and a poster, whose objects exist. */
async function video(
  core: Awaited<ReturnType<typeof loadCore>>,
  fields: Parameters<typeof jobRow>[0] = {},
) {
  const row = { ...jobRow(fields), landed: new Set(["720p", "poster"]) };
  const keyOf = (name: string) => `media/${row.id}/1/clip/clip-${name}`;
  const rendition = (label: string, key: string) => ({
    ...core.table.key.rendition(row.id, 1, label),
    label,
    key,
    attempt: 1,
    sizeBytes: 5,
    checksum: "etag:0",
    width: 1280,
    height: 720,
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

export async function startShares() {
  const stack = await startStack();
  const core = await loadCore();
  const { app } = await import("../app.ts");
  const share = await import("@rushes/core/share/index");
  const { withActor } = await import("@rushes/core/actor");

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

  /** Shares a video with a password whose hash takes little work. With the product's, each guess takes a tenth of a second. */
  async function sharedToGuess(jobId: string, password: string) {
    const made = await shared(jobId, { password });
    const { hash } = await import("@rushes/core/share/password");
    const hashed = await hash(password, { cost: 64, blockSize: 8, parallel: 1 });
    const key = core.table.key.share(made.id);
    await core.table.apply(core.table.update({ key, set: { password: hashed } }));
    return made;
  }

  return {
    stack,
    core,
    share,
    sharedToGuess,
    video: (fields?: Parameters<typeof jobRow>[0]) => video(core, fields),
    call,
    shared,
    as: <R>(fields: Partial<Owner>, run: () => R) =>
      withActor({ ...OWNER, role: "member", ...fields }, run),
    watch: (address: string, body?: unknown) => call("POST", `/watch/${address}`, body),
  };
}
export type Shares = Awaited<ReturnType<typeof startShares>>;
