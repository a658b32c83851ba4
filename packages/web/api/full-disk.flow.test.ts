/** Every server on a real full disk: each write fails at once, and everything continues when there is space. */
import { CreateJobCommand } from "@aws-sdk/client-mediaconvert";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { STORAGE_FULL } from "@rushes/core/full";
import { apiOutcome, storageOutcome } from "@rushes/core/transfer/outcome";
import { partSize, planFor } from "@rushes/core/upload/plan";
import { loadCore } from "@rushes/testing/core";
import { type SmallDisk, smallDisk } from "@rushes/testing/disk";
import { isBus, isObject } from "@rushes/testing/events";
import { jobRequest } from "@rushes/testing/job-request";
import { sampleVideo } from "@rushes/testing/sample-video";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const MIB = 1024 ** 2;
let disk: SmallDisk;
let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let app: typeof import("./app.ts").app;
let clip: Buffer;

beforeAll(async () => {
  disk = smallDisk(320);
  process.env.TMPDIR = disk.folder;
  stack = await startStack();
  core = await loadCore();
  ({ app } = await import("./app.ts"));
  clip = await sampleVideo(stack.folder, "clip.mp4");
});
afterAll(async () => {
  await stack?.close();
  disk?.close();
});

async function call(method: string, path: string, body?: unknown) {
  const began = Date.now();
  const response = await app.request(`http://127.0.0.1:3000/api${path}`, {
    method,
    headers: { "content-type": "application/json", host: "127.0.0.1:3000" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status } = response;
  return { status, body: text && JSON.parse(text), ms: Date.now() - began };
}

const send = (request: { url: string; headers: Record<string, string> }, body: Uint8Array) =>
  fetch(request.url, { method: "PUT", headers: request.headers, body: new Uint8Array(body) });

async function upload(name: string, sizeBytes: number) {
  const files = [{ name, sizeBytes, contentType: "video/mp4" }];
  const { body } = await call("POST", "/uploads", { files });
  return body.results[0];
}

const FULL = {
  status: STORAGE_FULL.status,
  body: { code: STORAGE_FULL.code, message: STORAGE_FULL.message },
};

describe("on a full disk", () => {
  test("every write returns the disk error, reads continue, and nothing is lost", async () => {
    const first = await upload("first.mp4", clip.length);
    expect((await send(first.requests[0], clip)).status).toBe(200);
    await core.deliver(await stack.event(isObject("source-created", first.upload.id)));
    const { id } = await core.only("first");
    await core.deliver(await stack.event(isBus("COMPLETE", id)));
    const [single, parts] = [
      await upload("single.mp4", clip.length),
      await upload("parts.mp4", 33 * MIB),
    ];
    const plan = planFor(33 * MIB);
    if (plan.kind !== "multipart") throw new Error("One request is too small for this.");
    for (let number = 1; number <= plan.partCount; number += 1) {
      const part = Buffer.alloc(partSize(plan, 33 * MIB, number));
      expect((await send(parts.requests[number - 1], part)).status).toBe(200);
    }

    await disk.fill();
    const answer = await send(single.requests[0], clip);
    const text = await answer.text();
    expect(answer.status).toBe(STORAGE_FULL.status);
    expect(storageOutcome({ status: answer.status, text }, 0)).toMatchObject({
      problem: { type: "storage_full" },
    });
    const writes: [string, string, unknown?][] = [
      ["POST", "/uploads", { files: [{ name: "a", sizeBytes: 5, contentType: "" }] }],
      ["POST", "/uploads", { files: [{ name: "a", sizeBytes: 40 * MIB, contentType: "" }] }],
      ["POST", `/uploads/${parts.upload.id}/complete`],
      ["DELETE", `/uploads/${single.upload.id}`],
      ["PATCH", `/jobs/${id}`, { title: "Renamed" }],
      ["POST", `/jobs/${id}/retry`],
      ["POST", `/jobs/${id}/shares`, { origins: [] }],
      ["DELETE", `/jobs/${id}`],
    ];
    for (const [method, path, body] of writes) {
      const said = await call(method, path, body);
      expect(said, `${method} ${path}`).toMatchObject(FULL);
      // No layer retries: the user sees the error at once.
      expect(said.ms, `${method} ${path}`).toBeLessThan(5_000);
      const outcome = apiOutcome({ status: said.status, ...said.body }, 0);
      expect(outcome).toMatchObject({ problem: { type: "storage_full" } });
    }
    expect((await call("GET", "/jobs")).body.jobs).toHaveLength(1);
    const playback = await call("GET", `/jobs/${id}/playback`);
    expect((await fetch(playback.body.renditions[0].url)).status).toBe(200);

    await disk.clear();
    expect((await call("PATCH", `/jobs/${id}`, { title: "Renamed" })).status).toBe(200);
    expect((await send(single.requests[0], clip)).status).toBe(200);
    expect((await call("POST", `/uploads/${parts.upload.id}/complete`)).status).toBe(202);
    for (const one of [single, parts]) {
      await core.deliver(await stack.event(isObject("source-created", one.upload.id)));
    }
    const { body } = await call("GET", "/jobs");
    expect(body.jobs.map((job: { title: string }) => job.title).sort()).toEqual([
      "Renamed",
      "parts.mp4",
      "single.mp4",
    ]);
    // An encode that ends later would free space on the disk that the next test fills.
    await stack.event(isBus("COMPLETE", (await core.only("single")).id));
  });

  test("a mail or an encode fails with the disk error, and succeeds when there is space", async () => {
    const mailer = new SESv2Client({});
    const Simple = { Subject: { Data: "a" }, Body: { Text: { Data: "a".repeat(100_000) } } };
    const mail = () =>
      mailer.send(
        new SendEmailCommand({
          FromEmailAddress: "rushes@example.com",
          Destination: { ToAddresses: ["you@example.com"] },
          Content: { Simple },
        }),
      );
    const request = jobRequest({
      sourceUrl: "s3://rushes-uploads/none",
      destination: "s3://rushes-renditions/none/",
    });
    const encode = () => core.encoder.encoder.send(new CreateJobCommand(request));
    await disk.fill();
    const full = {
      name: STORAGE_FULL.wireCode,
      $metadata: { httpStatusCode: STORAGE_FULL.status },
    };
    for (const run of [mail, encode]) await expect(run()).rejects.toMatchObject(full);
    await disk.clear();
    expect((await mail()).MessageId).toBeTruthy();
    expect((await encode()).Job?.Id).toBeTruthy();
  });
});
