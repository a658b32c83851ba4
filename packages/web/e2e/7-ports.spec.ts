/** Tests every port of a running stack with pages of another origin and with unsigned requests. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { chromium, type Page } from "@playwright/test";
import { expect, test } from "./person.ts";
import { portsOf } from "./sockets.ts";

interface Attempt {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

const get = (path: string): Attempt => ({ method: "GET", path });
/** A content type that a page can send without a preflight request. */
const post = (path: string, body: string, headers: Record<string, string> = {}): Attempt => ({
  ...{ method: "POST", path, body },
  headers: { "content-type": "text/plain", ...headers },
});
const amz = (target: string, body = "{}") => post("/", body, { "x-amz-target": target });

/**
 * Requests that would read or change something without an access check. `open` servers answer the machine's own
 * pages without a signature: these are the pages that a user opens. docs/security.md has the same list.
 */
const SERVERS: Record<string, { open: boolean; attempts: Attempt[] }> = {
  dashboard: {
    open: true,
    attempts: [get("/"), get("/api/jobs"), get("/api/account"), post("/api/uploads", "{}")],
  },
  mail: {
    open: true,
    attempts: [get("/"), get("/inbox.json"), get("/list"), post("/v2/email/outbound-emails", "{}")],
  },
  s3: {
    open: false,
    attempts: [
      ...[get("/"), get("/rushes-uploads"), get("/rushes-renditions?list-type=2")],
      post("/rushes-uploads?delete", "<Delete/>"),
    ],
  },
  media: { open: false, attempts: [get("/"), get("/media/"), get("/media/media/x.mp4")] },
  dynamo: {
    open: false,
    attempts: [
      get("/"),
      amz("DynamoDB_20120810.Scan", '{"TableName":"rushes"}'),
      amz("DynamoDBStreams_20120810.ListStreams"),
      amz("DynamoDB_20120810.DeleteTable", '{"TableName":"rushes"}'),
    ],
  },
  mediaconvert: {
    open: false,
    attempts: [get("/"), get("/2017-08-29/jobs"), get("/inputs/0000000000000000")],
  },
  sqs: { open: false, attempts: [get("/"), amz("AmazonSQS.ReceiveMessage")] },
  lambda: {
    open: false,
    attempts: [get("/"), post("/2015-03-31/functions/reconcile/invocations", "{}")],
  },
  control: { open: false, attempts: [get("/"), get("/dead-letters"), post("/invoke", "{}")] },
};

/** The stack's servers by name, from its run file. */
async function servers() {
  const run = JSON.parse(
    await readFile(join(process.env.RUSHES_E2E_DATA ?? "", "run.json"), "utf8"),
  );
  const media = JSON.parse(run.env.SST_RESOURCE_Media).url;
  const urls: Record<string, string> = {
    dashboard: run.addresses.dashboard,
    mail: run.env.AWS_ENDPOINT_URL_SESV2,
    s3: run.env.AWS_ENDPOINT_URL_S3,
    media,
    dynamo: run.env.AWS_ENDPOINT_URL_DYNAMODB,
    mediaconvert: run.env.AWS_ENDPOINT_URL_MEDIACONVERT,
    sqs: run.env.AWS_ENDPOINT_URL_SQS,
    lambda: run.env.AWS_ENDPOINT_URL_LAMBDA,
    control: run.control.url,
  };
  const origins = Object.entries(urls).map(([name, url]) => [name, new URL(url).origin] as const);
  return { pid: run.pid as number, origins };
}

const attemptsOf = (name: string) => SERVERS[name]?.attempts ?? [];

/** Sends an unsigned request with any Host header. */
async function send(origin: string, attempt: Attempt, host: string) {
  const { method, path, headers, body } = attempt;
  const outgoing = request(`${origin}${path}`, { method, headers: { ...headers, host } });
  outgoing.end(body);
  const [answer]: IncomingMessage[] = await once(outgoing, "response");
  if (!answer) throw new Error("Nothing was answered.");
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

test("listens only on the expected ports", async () => {
  const { pid, origins } = await servers();
  const written = origins.map(([, origin]) => Number(new URL(origin).port));
  expect(await portsOf(pid)).toEqual(written.sort((a, b) => a - b));
  expect(origins.map(([name]) => name)).toEqual(Object.keys(SERVERS));
});

test("rejects foreign hosts on every port, and unsigned requests on all but the public ones", async () => {
  const { origins } = await servers();
  for (const [name, origin] of origins) {
    const { host } = new URL(origin);
    for (const attempt of attemptsOf(name)) {
      const what = `${name} ${attempt.method} ${attempt.path}`;
      for (const foreign of ["rebound.example", `rebound.example:${new URL(origin).port}`]) {
        const { status } = await send(origin, attempt, foreign);
        expect([403, 421], `${what}, Host ${foreign}: ${status}`).toContain(status);
      }
      const { status, headers } = await send(origin, attempt, host);
      expect(headers, what).not.toHaveProperty("access-control-allow-origin");
      if (!SERVERS[name]?.open) expect(status, what).toBeGreaterThanOrEqual(400);
      expect(status, what).toBeLessThan(500);
    }
  }
});

/** Returns the part of a response that a page can read: its status, or nothing. */
const read = (
  page: Page,
  origin: string,
  { path, ...init }: Attempt,
  credentials: RequestCredentials = "include",
) =>
  page.evaluate(
    ([url, sent]) =>
      fetch(url, sent).then(
        ({ status }) => status,
        () => "nothing",
      ),
    [`${origin}${path}`, { ...init, credentials }] as const,
  );

test("lets a page of another origin read nothing from any port", async ({ page, expected }) => {
  expected.messages.push(/CORS policy|Failed to load resource|ERR_FAILED/);
  const other = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<title>Elsewhere</title>");
  });
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const { origins } = await servers();
  const results: string[] = [];
  try {
    // localhost is another site than 127.0.0.1, so that cookies and fetch metadata are cross-site too.
    await page.goto(`http://localhost:${typeof address === "object" ? address?.port : ""}/`);
    for (const [name, origin] of origins) {
      for (const attempt of attemptsOf(name)) {
        const seen = await read(page, origin, attempt);
        if (seen !== "nothing") results.push(`${name} ${attempt.method} ${attempt.path}: ${seen}`);
      }
    }
  } finally {
    other.close();
  }
  expect(results).toEqual([]);
});

test("lets the dashboard's page read responses of S3 and the CDN, and of no other server", async ({
  page,
  expected,
}) => {
  expected.messages.push(/CORS policy|Content Security Policy|Failed to load|violates/);
  await page.goto("/");
  const { origins } = await servers();
  for (const [name, origin] of origins) {
    if (name === "dashboard") continue;
    const [attempt = get("/")] = name === "s3" ? [get("/rushes-uploads")] : attemptsOf(name);
    // Without cookies: neither accepts any, so their responses do not allow credentials.
    const readable = name === "s3" || name === "media";
    expect(await read(page, origin, attempt, "omit"), name).toBe(readable ? 403 : "nothing");
  }
});

test("answers no request through DNS rebinding, on any port", async () => {
  const { launchOptions } = test.info().project.use;
  const args = [
    ...(launchOptions?.args ?? []),
    "--host-resolver-rules=MAP rebound.example 127.0.0.1",
  ];
  const browser = await chromium.launch({ ...launchOptions, args });
  try {
    const page = await browser.newPage();
    const { origins } = await servers();
    for (const [name, origin] of origins) {
      const { port } = new URL(origin);
      const answer = await page.goto(`http://rebound.example:${port}/`);
      expect(answer?.status(), name).toBe(421);
      // The page now has that origin, so it can read every response.
      for (const attempt of attemptsOf(name)) {
        const seen = await read(page, `http://rebound.example:${port}`, attempt);
        expect([403, 421], `${name} ${attempt.method} ${attempt.path}`).toContain(seen);
      }
    }
  } finally {
    await browser.close();
  }
});
