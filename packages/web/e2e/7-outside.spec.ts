/** `npm run e2e`, which operators run against their Rushes, run against this one. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { APIRequestContext } from "@playwright/test";
import { expect, test } from "./person.ts";

const E2E = resolve(import.meta.dirname, "../../../ci/e2e/index.ts");
const HOME = process.env.RUSHES_E2E_DASHBOARD ?? "";

async function e2e(...args: string[]): Promise<{ code: number; said: string }> {
  // The browser that runs these tests.
  const chromium = test.info().project.use.launchOptions?.executablePath;
  const env = { ...process.env, ...(chromium !== undefined && { CHROMIUM_PATH: chromium }) };
  Reflect.deleteProperty(env, "RUSHES_TOKEN");
  Reflect.deleteProperty(env, "RUSHES_REPORTS");
  return new Promise((done) => {
    execFile(process.execPath, [E2E, ...args], { env }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code ?? 1) : 0, said: `${stdout}${stderr}` });
    });
  });
}

async function newToken(request: APIRequestContext, scopes: string[]): Promise<string> {
  const data = { name: "e2e", scopes, expiresInDays: 1 };
  const answer = await request.post("/api/tokens", { data });
  expect(answer.status()).toBe(201);
  return (await answer.json()).secret;
}

test("a video goes through from outside by a token, and nothing of it is left", async ({
  request,
}) => {
  const titles = async () => {
    const { jobs } = await (await request.get("/api/jobs?limit=100")).json();
    return jobs.map(({ title }: { title: string }) => title);
  };
  const before = await titles();
  const folder = await mkdtemp(join(tmpdir(), "rushes-report-"));
  const token = await newToken(request, ["upload", "read", "manage"]);
  const json = join(folder, "report.json");
  const { code, said } = await e2e("--url", HOME, "--token", token, "--json", json);
  expect(said).toContain("Everything works");
  expect(code).toBe(0);
  expect(said).not.toContain(token);
  const report = JSON.parse(await readFile(json, "utf8"));
  expect(report).toMatchObject({ url: HOME, passed: true });
  expect(report.steps).toHaveLength(7);
  expect(await titles()).toEqual(before);
  await rm(folder, { recursive: true });
});

test("what cannot work is one sentence and a failure", async ({ request }) => {
  const reader = await newToken(request, ["read"]);
  for (const [args, sentence] of [
    [["--url", "http://127.0.0.1:9"], "Nothing answers at http://127.0.0.1:9"],
    [["--url", "rushes"], '"rushes" is no address'],
    [["--url", HOME, "--token", `rsh_${"x".repeat(38)}`], "The token opens nothing"],
    [["--url", HOME, "--token", reader], "with the scopes upload, read and manage"],
    [[], "There is no --url."],
  ] as const) {
    const { code, said } = await e2e(...args);
    expect(said).toContain(sentence);
    expect(said).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  }
});
