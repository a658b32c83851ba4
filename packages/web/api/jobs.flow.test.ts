import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { POSTER } from "@rushes/core/rendition/preset";
import { loadCore } from "@rushes/testing/core";
import { isBus } from "@rushes/testing/events";
import { fill, jobRow } from "@rushes/testing/rows";
import { sampleVideo } from "@rushes/testing/sample-video";
import { type Stack, startStack } from "@rushes/testing/stack";
import { afterAll, beforeAll, expect, test } from "vitest";

let stack: Stack;
let core: Awaited<ReturnType<typeof loadCore>>;
let app: typeof import("./app.ts").app;

beforeAll(async () => {
  stack = await startStack();
  core = await loadCore();
  ({ app } = await import("./app.ts"));
});
afterAll(() => stack.close());

async function call(method: string, path: string) {
  const response = await app.request(`http://127.0.0.1:3000/api${path}`, { method });
  return { status: response.status, body: response.status === 204 ? {} : await response.json() };
}

async function keys(bucket: string, prefix: string) {
  const listed = await core.storage.s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
  );
  return (listed.Contents ?? []).map(({ Key }) => Key);
}

test("retries a video from its source, and deletes it with all of its renditions", async () => {
  const clip = await sampleVideo(stack.folder, "clip.mp4");
  await core.deliver(await core.put(stack, "again.mp4", clip));
  const { id } = await core.only("again");
  const early = await call("POST", `/jobs/${id}/cancel`);
  expect(early).toMatchObject({ status: 202, body: { job: { status: "canceled" } } });
  const retried = await call("POST", `/jobs/${id}/retry`);
  expect(retried).toMatchObject({
    status: 202,
    body: { job: { attempt: 2, status: "submitted" } },
  });
  await core.deliver(await stack.event(isBus("COMPLETE", id)));
  // Three renditions, and the captures. One capture is the poster.
  const { body } = await call("GET", `/jobs/${id}`);
  expect(body.renditions).toHaveLength(4);
  const written = await keys("rushes-renditions", `${id}/2/`);
  expect(written).toHaveLength(3 + POSTER.captures);
  expect(written).toContain(body.job.posterKey);
  expect((await call("DELETE", `/jobs/${id}`)).status).toBe(204);
  expect(await keys("rushes-renditions", `${id}/`)).toEqual([]);
  expect(await keys("rushes-uploads", "again.mp4")).toEqual([]);
});

test("keeps an object that another program put in place of a deleted video's source", async () => {
  const body = Buffer.from("not a video");
  await core.deliver(await core.put(stack, "same.mp4", body));
  const { id } = await core.only("same");
  // Another tool has put a different object there in the meantime.
  const other = new PutObjectCommand({
    Bucket: "rushes-uploads",
    Key: "same.mp4",
    Body: "something else",
  });
  await core.storage.s3.send(other);
  expect((await call("DELETE", `/jobs/${id}`)).status).toBe(204);
  expect(await keys("rushes-uploads", "same.mp4")).toEqual(["same.mp4"]);
});

test("lists videos by status", async () => {
  const failed = jobRow({ title: "broken.mp4", status: "error" });
  await fill([failed, jobRow({ title: "fine.mp4" })]);
  const { body } = await call("GET", "/jobs?status=error");
  expect(body.jobs).toMatchObject([{ id: failed.id, status: "error" }]);
});
