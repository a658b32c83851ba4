import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "@playwright/test";
import { freePort } from "@rushes/testing/ports";
import { type StackProcess, spawnStack } from "@rushes/testing/process";
import { leaks } from "./leaks.ts";
import { type Ask, browserOf, crawl, problemsOf } from "./scan.ts";

// Over https, as in production: TLS ends in front of the reverse proxy, which the tests request on loopback.
const SITE = new URL("https://video.example.com");
const PASSWORD = randomBytes(12).toString("base64url");
const PEOPLE = ["ann@example.com", "root@example.com"] as const;
const APP = join(import.meta.dirname, "../app");
const ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

let stack: StackProcess;
let port: number;

test.beforeAll(async () => {
  port = await freePort();
  stack = await spawnStack({
    settings: {
      RUSHES_PUBLIC: "yes",
      RUSHES_PUBLIC_URL: SITE.origin,
      RUSHES_HOST: "127.0.0.1",
      RUSHES_PORT: String(port),
      RUSHES_SECRET: randomBytes(48).toString("base64"),
      RUSHES_ADMINS: PEOPLE[1],
    },
    accounts: PEOPLE.map((email) => ({ email, password: PASSWORD })),
  });
});
test.afterAll(() => stack.stop());

/** A path for every page, read from the app folder so that a new page is scanned too. */
function pages(): string[] {
  const files = readdirSync(APP, { recursive: true, encoding: "utf8" });
  const paths = files
    .filter((file) => file.endsWith("page.tsx"))
    .map((file) => relative(".", join("/", file, "..")))
    .map((path) => `/${path.replace(/^(\.\.\/)*/, "")}`.replace(/\/\([^)]+\)/g, ""))
    .map((path) => path.replace("[id]", `job_${ULID}`).replace(/\[[^\]]+\]/g, "nothing"));
  return [...new Set(paths.map((path) => path || "/"))];
}

/** Every GET route of the API, with ids that do not exist. */
async function reads(ask: Ask): Promise<string[]> {
  const { body } = await ask("/api/openapi.json");
  const { paths }: { paths: Record<string, Record<string, unknown>> } = JSON.parse(body);
  return Object.entries(paths)
    .filter(([path, methods]) => "get" in methods && !path.startsWith("/api/auth/"))
    .map(([path]) => path.replace(/\{[^}]+\}/g, `job_${ULID}`));
}

const OTHERS = [
  ...["/robots.txt", "/favicon.ico", "/.env", "/.git/config", "/%ff", "/_next/data/x.json"],
  ...["/_next/image?url=%2Ficon.svg&w=64&q=75", "/api/openapi.json", "/api/nothing", "/api/%ff"],
  ...[
    "/rushes-uploads/a",
    "/rushes-renditions/",
    "/media/",
    "/media/a.mp4",
    "/identity",
    "/identity/nothing",
  ],
];

/** Signs in as a browser does, and returns every response. */
async function signIn(ask: Ask, email: string) {
  const answers = [await ask("/api/auth/sign-in?returnTo=/")];
  for (let steps = 0; steps < 10; steps += 1) {
    const { location } = answers.at(-1)?.headers ?? {};
    if (location === undefined) break;
    const { origin, pathname, search } = new URL(location, SITE);
    expect(origin).toBe(SITE.origin);
    let answer = await ask(`${pathname}${search}`);
    answers.push(answer);
    const [, uid] = /name="uid" value="([^"]+)"/.exec(answer.body) ?? [];
    if (uid === undefined) continue;
    answer = await ask(pathname, {
      method: "POST",
      headers: {
        origin: SITE.origin,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ uid, email, password: PASSWORD }).toString(),
    });
    answers.push(answer);
  }
  return answers;
}

test("finds no vulnerability as an anonymous user", async () => {
  const ask = browserOf(SITE, port);
  const { answers, problems } = await crawl(ask, SITE, [
    ...pages(),
    ...(await reads(ask)),
    ...OTHERS,
  ]);
  expect(problems).toEqual([]);
  expect(answers.length).toBeGreaterThan(30);
  const open = answers.filter(({ path, status }) => status === 200 && path.startsWith("/api/"));
  expect(open.map(({ path }) => path).sort()).toEqual(["/api/health", "/api/openapi.json"]);
});

for (const email of PEOPLE) {
  test(`finds no vulnerability as ${email}`, async () => {
    const ask = browserOf(SITE, port);
    const steps = await signIn(ask, email);
    expect(steps.flatMap((answer) => problemsOf(answer, SITE))).toEqual([]);
    expect(steps.flatMap(({ cookies }) => cookies).join("\n")).toMatch(/^__Host-rushes=[^;]{50}/m);
    expect((await ask("/api/account")).status).toBe(200);
    const { problems } = await crawl(ask, SITE, [...pages(), ...(await reads(ask)), ...OTHERS]);
    expect(problems).toEqual([]);
  });
}

test("uses each script nonce once, and serves no source maps", async () => {
  const ask = browserOf(SITE, port);
  const nonces = new Set<string | undefined>();
  for (let times = 0; times < 3; times += 1) {
    const { headers } = await ask("/sign-in");
    nonces.add(/'nonce-([^']{20,})'/.exec(headers["content-security-policy"] ?? "")?.[1]);
  }
  expect(nonces.size).toBe(3);
  expect(nonces).not.toContain(undefined);
  const { answers } = await crawl(ask, SITE, ["/sign-in"]);
  const scripts = answers.filter(({ path }) => path.split("?")[0]?.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(0);
  for (const { path } of scripts) {
    expect((await ask(`${path.split("?")[0]}.map`)).status, path).toBe(404);
  }
});

test("rejects unused methods, and allows no other site", async () => {
  const ask = browserOf(SITE, port);
  const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
  for (const path of ["/", "/api/jobs", "/rushes-uploads/a", "/identity/token"]) {
    for (const method of ["TRACE", "OPTIONS", "PROPFIND"]) {
      const answer = await ask(path, { method, headers });
      const what = `${method} ${path}`;
      expect(answer.status, what).toBeGreaterThanOrEqual(400);
      expect(answer.status, what).not.toBe(500);
      expect(answer.headers, what).not.toHaveProperty("access-control-allow-origin");
      expect(answer.body, what).not.toContain("evil.example");
    }
  }
});

test("writes no secret to any log", async () => {
  expect(leaks(await stack.logs(), { "the password": PASSWORD })).toEqual([]);
});
