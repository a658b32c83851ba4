/** Runs `npm run e2e`, the operators' end-to-end test, against a stack that requires sign-in. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { ask, signIn, test } from "./members.ts";
import { expect } from "./person.ts";

const E2E = resolve(import.meta.dirname, "../../../delivery/e2e/index.ts");

async function e2e(...args: string[]): Promise<{ code: number; said: string }> {
  // Use the same browser as these tests.
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

/** Creates a token in a signed-in browser. */
async function newToken(page: Page, scopes: string[]): Promise<string> {
  const body = JSON.stringify({ name: "e2e", scopes, expiresInDays: 1 });
  return page.evaluate(async (sent) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/api/tokens", { method: "POST", headers, body: sent });
    return (await answer.json()).secret;
  }, body);
}

test("uploads a video with a token from outside, and leaves nothing", async ({ page, site }) => {
  await signIn(page, "bob");
  const titles = async () => {
    const { body } = await ask(page, "/api/jobs?limit=100");
    return body.jobs.map(({ title }: { title: string }) => title);
  };
  const before = await titles();
  const folder = await mkdtemp(join(tmpdir(), "rushes-report-"));
  const token = await newToken(page, ["upload", "read", "manage"]);
  const json = join(folder, "report.json");
  const { code, said } = await e2e("--url", site.dashboard, "--token", token, "--json", json);
  expect(said).toContain("Passed");
  expect(code).toBe(0);
  expect(said).not.toContain(token);
  const report = JSON.parse(await readFile(json, "utf8"));
  expect(report).toMatchObject({ url: site.dashboard, passed: true });
  expect(report.steps).toHaveLength(7);
  expect(await titles()).toEqual(before);
  await rm(folder, { recursive: true });
});

test("exits with one message and a failure for invalid input", async ({ page, site }) => {
  await signIn(page, "bob");
  const url = site.dashboard;
  const reader = await newToken(page, ["read"]);
  const cases = [
    [["--url", "http://127.0.0.1:9"], "Could not connect to http://127.0.0.1:9"],
    [["--url", "rushes"], '"rushes" is not a URL'],
    [["--url", url, "--token", `rsh_${"x".repeat(38)}`], "The token is mistyped"],
    [["--url", url], "requires sign-in"],
    [["--url", url, "--token", reader], "with the scopes upload, read and manage"],
    [[], "--url is missing."],
  ] as const;
  await Promise.all(
    cases.map(async ([args, sentence]) => {
      const { code, said } = await e2e(...args);
      expect(said).toContain(sentence);
      expect(said).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    }),
  );
});
