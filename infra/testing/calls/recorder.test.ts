import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { install, RECORD } from "./recorder.ts";

const recorder = install();
const folder = mkdtempSync(join(tmpdir(), "rushes-record-"));
let encoder: typeof import("../../../packages/core/encoder/client.ts");

beforeAll(async () => {
  Object.assign(process.env, {
    [RECORD]: folder,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIDTEST",
    AWS_SECRET_ACCESS_KEY: "secret",
    // No server listens here. The recorder sees a call before it is sent.
    AWS_ENDPOINT_URL_MEDIACONVERT: "http://127.0.0.1:1",
    AWS_MAX_ATTEMPTS: "1",
  });
  encoder = await import("../../../packages/core/encoder/client.ts");
});
beforeEach(() => {
  recorder.wrong();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recorded = () =>
  readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line));

test("the product's call is looked at and recorded for the function that made it", async () => {
  const cancel = recorder.as("reconcile", (id: string) => encoder.cancel(id));
  await expect(cancel("not an id")).rejects.toThrow("ECONNREFUSED");
  expect(recorder.wrong()).toEqual([]);
  expect(recorded()).toContainEqual({ role: "reconcile", call: "mediaconvert CancelJob" });
  const create = recorder.as("web", () =>
    encoder.create({ Role: "r", Settings: {}, Priority: 51 }),
  );
  await expect(create()).rejects.toThrow("ECONNREFUSED");
  expect(recorder.wrong()).toEqual(["CreateJob.Priority must have at most 50, not 51"]);
  expect(recorded()).toContainEqual({ role: "web", call: "mediaconvert CreateJob" });
});

test("a call of no function is looked at, and is nobody's", async () => {
  const before = recorded().length;
  await expect(encoder.create({ Role: "r", Settings: {}, Priority: 51 })).rejects.toThrow(
    "ECONNREFUSED",
  );
  expect(recorder.wrong()).toHaveLength(1);
  expect(recorded()).toHaveLength(before);
});

test("a test's own call does not count", async () => {
  const { GetJobCommand } = await import("@aws-sdk/client-mediaconvert");
  const call = recorder.as("web", () => encoder.encoder.send(new GetJobCommand({ Id: "" })));
  await expect(call()).rejects.toThrow();
  expect(recorder.wrong()).toEqual([]);
  expect(JSON.stringify(recorded())).not.toContain("GetJob");
});
