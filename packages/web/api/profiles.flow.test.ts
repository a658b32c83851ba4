// Import this first, as app.ts does: it extends only schemas that are created after it.
import "@hono/zod-openapi";
import { isBus, isObject } from "@rushes/testing/events";
import { sampleVideo } from "@rushes/testing/sample-video";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, file, rejection, startApi } from "./testing/api.ts";

/** Quick to encode: one file. */
const SMALL = { summary: "One file.", hls: false, downloads: ["720p"], usesPresets: true };

let api: Api;
let clip: Buffer;
beforeAll(async () => {
  const profiles = JSON.stringify({ small: SMALL, "stills-only": { ...SMALL, quality: 1 } });
  api = await startApi({ profile: "stills-only", profiles });
  clip = await sampleVideo(api.stack.folder, "clip.mp4");
});
afterAll(() => api.stack.close());

async function uploaded(name: string, profile?: string): Promise<string> {
  const files = [{ ...file({ name, sizeBytes: clip.length }), ...(profile && { profile }) }];
  const { body } = await api.call("POST", "/uploads", { files });
  const [{ upload, requests }] = body.results;
  expect(upload.profile).toBe(profile);
  const [{ url, headers }] = requests;
  await fetch(url, { method: "PUT", headers, body: new Uint8Array(clip) });
  await api.core.deliver(await api.stack.event(isObject("source-created", upload.id)));
  return (await api.call("GET", `/uploads/${upload.id}`)).body.upload.jobId;
}

const labelsOf = (body: { renditions: { label: string }[] }) =>
  body.renditions.map(({ label }) => label).sort();

test("lists the profiles that exist everywhere, those of the settings, and the default one", async () => {
  const { status, body } = await api.call("GET", "/profiles");
  expect(status).toBe(200);
  expect(body.profiles.map(({ name }: { name: string }) => name)).toEqual([
    ...["web", "original", "hls", "audio"],
    ...["small", "stills-only"],
  ]);
  expect(body.default).toBe("stills-only");
  expect(body.profiles[4]).toMatchObject(SMALL);
});

test("makes what the profile of an upload names, and of the next attempt what the retry names", async () => {
  const id = await uploaded("small.mp4", "small");
  const submitted = await api.call("GET", `/jobs/${id}`);
  expect(submitted.body.job).toMatchObject({ profile: "small", expected: ["720p", "poster"] });
  await api.core.deliver(await api.stack.event(isBus("COMPLETE", id)));
  const first = await api.call("GET", `/jobs/${id}`);
  expect(first.body.job.status).toBe("complete");
  expect(labelsOf(first.body)).toEqual(["720p", "poster"]);

  const unknown = await api.call("POST", `/jobs/${id}/retry`, { profile: "none" });
  expect(unknown).toEqual(rejection(400, "profile.unknown", /web, original, hls, audio, small/));
  const retried = await api.call("POST", `/jobs/${id}/retry`, { profile: "original" });
  expect(retried).toMatchObject({
    status: 202,
    body: { job: { profile: "original", attempt: 2 } },
  });
  const ended = isBus("COMPLETE", id);
  const isSecond = (event: Parameters<typeof ended>[0]) =>
    ended(event) && JSON.stringify(event).includes('"attempt":"2"');
  await api.core.deliver(await api.stack.event(isSecond));
  const second = await api.call("GET", `/jobs/${id}`);
  expect(labelsOf(second.body)).toEqual(["1080p", "720p", "poster", "web-720p"]);
});

test("uses the default profile of the settings for a file that nobody chose one for", async () => {
  const id = await uploaded("by default.mp4");
  const { body } = await api.call("GET", `/jobs/${id}`);
  expect(body.job).toMatchObject({ profile: "stills-only", expected: ["720p", "poster"] });
  await api.call("POST", `/jobs/${id}/cancel`);
});

test("rejects a file with a profile that does not exist, and accepts the others", async () => {
  const files = [
    { ...file(), profile: "none" },
    { ...file(), profile: "web" },
  ];
  const { status, body } = await api.call("POST", "/uploads", { files });
  expect(status).toBe(201);
  expect(body.results).toMatchObject([
    { error: { code: "profile.unknown", message: expect.stringContaining("small") } },
    { upload: { profile: "web" } },
  ]);
});
