import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ListEmailIdentitiesCommand,
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
} from "@aws-sdk/client-sesv2";
import { wiring } from "@rushes/core/wiring";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import type { BusEvent } from "../lambda/index.ts";
import { compile } from "../lambda/pattern.ts";
import { type MailServer, start } from "./index.ts";

const credentials = { accessKeyId: "local", secretAccessKey: "secret" };
const Mails = z.array(
  z.object({ id: z.string(), subject: z.string(), to: z.array(z.string()), text: z.string() }),
);

let dataDir: string;
let mail: MailServer;
let client: SESv2Client;
/** The events on the bus. */
const events: BusEvent[] = [];

async function open() {
  events.length = 0;
  mail = await start({
    dataDir,
    host: "127.0.0.1",
    port: 0,
    region: "us-east-1",
    credentials,
    emit: async (emitted) => {
      events.push(...emitted);
    },
  });
  client = new SESv2Client({
    region: "us-east-1",
    endpoint: mail.url,
    credentials,
    maxAttempts: 1,
  });
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "rushes-mail-"));
  await open();
});
afterEach(async () => {
  client.destroy();
  await mail.close();
  await rm(dataDir, { recursive: true, force: true });
});

const message = (part: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
  FromEmailAddress: "Rushes <rushes@localhost.localdomain>",
  Destination: { ToAddresses: ["you@example.com"] },
  Content: {
    Simple: {
      Subject: { Data: "„été+1“ is ready 🎬" },
      Body: { Text: { Data: "Watch it." }, Html: { Data: "<p>Watch <b>it</b>.</p>" } },
    },
  },
  ...part,
});
const send = async (input: SendEmailCommandInput) =>
  (await client.send(new SendEmailCommand(input))).MessageId ?? "";
const inbox = async () => Mails.parse(await (await fetch(`${mail.url}/inbox.json`)).json());

test("keeps an accepted mail with its subject, text and all recipients after a restart", async () => {
  const id = await send(
    message({
      Destination: { ToAddresses: ["Ann <ann@example.com>"], BccAddresses: ["bob@example.com"] },
    }),
  );
  await mail.close();
  client.destroy();
  await open();

  expect(await readdir(dataDir)).toEqual([`${id}.eml`]);
  expect(await inbox()).toMatchObject([
    { id, subject: "„été+1“ is ready 🎬", to: ["ann@example.com", "bob@example.com"] },
  ]);
  const source = await (await fetch(`${mail.url}/mail/${id}.eml`)).text();
  expect(source).not.toMatch(/^bcc:/im);
  expect(source).toMatch(new RegExp(`Message-ID:\\s+<${id}@email`));
});

test("returns attachments unchanged and shows inline images inside the message", async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 128]);
  const id = await send(
    message({
      Content: {
        Simple: {
          Subject: { Data: "Poster" },
          Body: { Html: { Data: '<img src="cid:poster" alt="">' } },
          Attachments: [
            { FileName: "ü (1).bin", RawContent: bytes, ContentType: "application/x-any" },
            {
              FileName: "p.png",
              RawContent: bytes,
              ContentId: "poster",
              ContentType: "image/png",
              ContentDisposition: "INLINE",
            },
          ],
        },
      },
    }),
  );
  const files = await Promise.all(
    [0, 1].map(async (at) =>
      Buffer.from(await (await fetch(`${mail.url}/mail/${id}/files/${at}`)).arrayBuffer()),
    ),
  );
  expect(files).toEqual([bytes, bytes]);
  const body = await fetch(`${mail.url}/mail/${id}/body`);
  expect(await body.text()).toContain(`data:image/png;base64,${bytes.toString("base64")}`);
});

test("stores a raw message unchanged except for its Bcc header", async () => {
  const source =
    "From: a@example.com\r\nTo: b@example.com\r\nBcc: c@example.com,\r\n d@example.com\r\nSubject: Raw\r\n\r\nBcc: stays here\r\n";
  const id = await send({ Content: { Raw: { Data: Buffer.from(source) } } });
  const [summary] = await inbox();
  expect(summary).toMatchObject({ to: ["b@example.com", "c@example.com", "d@example.com"] });
  const kept = await (await fetch(`${mail.url}/mail/${id}.eml`)).text();
  expect(kept.slice(kept.indexOf("From:"))).toBe(
    "From: a@example.com\r\nTo: b@example.com\r\nSubject: Raw\r\n\r\nBcc: stays here\r\n",
  );
});

test.for([
  ["an address without a domain", message({ Destination: { ToAddresses: ["you"] } })],
  ["a domain without a dot", message({ Destination: { ToAddresses: ["you@localhost"] } })],
  [
    "an address with a line break",
    message({ Destination: { ToAddresses: ["a@example.com\r\nBcc: b@example.com"] } }),
  ],
  ["no recipient", message({ Destination: {} })],
  ["a template", message({ Content: { Template: { TemplateName: "ready" } } })],
  ["an unsupported parameter", message({ TenantName: "acme" })],
  [
    "51 recipients",
    message({
      Destination: { ToAddresses: Array.from({ length: 51 }, (_, n) => `n${n}@example.com`) },
    }),
  ],
] as const)("rejects %s and stores nothing", async ([, input]) => {
  await expect(send(input)).rejects.toMatchObject({
    name: "BadRequestException",
    $metadata: { httpStatusCode: 400 },
  });
  expect(await inbox()).toEqual([]);
});

test("responds NotFoundException for a configuration set that does not exist, as on AWS", async () => {
  await expect(send(message({ ConfigurationSetName: "none" }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
});

test("sends nothing without a valid signature", async () => {
  const other = new SESv2Client({
    region: "us-east-1",
    endpoint: mail.url,
    credentials: { ...credentials, secretAccessKey: "other" },
  });
  await expect(other.send(new SendEmailCommand(message()))).rejects.toMatchObject({
    name: "InvalidSignatureException",
  });
  other.destroy();
  const bare = await fetch(`${mail.url}/v2/email/outbound-emails`, { method: "POST", body: "{}" });
  expect(bare.status).toBe(403);
  expect(await inbox()).toEqual([]);
});

test("rejects other SES operations by name", async () => {
  await expect(client.send(new ListEmailIdentitiesCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 501 },
  });
});

test("lets a message's HTML neither run scripts nor reach the network", async () => {
  const id = await send(message());
  const answer = await fetch(`${mail.url}/mail/${id}/body`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/sandbox (?!.*allow-scripts)/);
  const page = await (await fetch(`${mail.url}/mail/${id}`)).text();
  expect(page).toMatch(/<iframe [^>]*sandbox="(?![^"]*allow-(scripts|same-origin))/);
});

test("escapes markup in a subject", async () => {
  await send(
    message({
      Content: {
        Simple: {
          Subject: { Data: "<script>alert(1)</script>" },
          Body: { Text: { Data: "x" } },
        },
      },
    }),
  );
  const page = await (await fetch(mail.inboxUrl)).text();
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page).not.toContain("<script>alert");
});

test("rejects a foreign Host name and the form of a foreign page", async () => {
  const id = await send(message());
  const status = await new Promise<number | undefined>((done, fail) => {
    request(`${mail.url}/inbox.json`, { headers: { host: "evil.example" } }, (answer) => {
      answer.resume();
      done(answer.statusCode);
    })
      .on("error", fail)
      .end();
  });
  expect(status).toBe(421);
  const form = await fetch(`${mail.url}/mail/${id}/delete`, {
    method: "POST",
    headers: { origin: "http://evil.example" },
  });
  expect(form.status).toBe(403);
  expect(await inbox()).toHaveLength(1);
});

test("deletes a mail and lists the newest first", async () => {
  const first = await send(message());
  await expect.poll(() => Date.now()).toBeGreaterThan(Number.parseInt(first.slice(4, 16), 16));
  const second = await send(message());
  expect((await inbox()).map(({ id }) => id)).toEqual([second, first]);
  const answer = await fetch(`${mail.url}/mail/${second}/delete`, {
    method: "POST",
    headers: { origin: mail.url },
    redirect: "manual",
  });
  expect(answer.status).toBe(303);
  expect((await inbox()).map(({ id }) => id)).toEqual([first]);
  expect((await fetch(`${mail.url}/mail/${second}`)).status).toBe(404);
});

test("has no page at paths that begin like another host", async () => {
  for (const path of ["//", "///:0", "//a:99999999/", "//evil.example/inbox.json"]) {
    expect((await fetch(`${mail.url}${path}`)).status, path).toBe(404);
  }
});

/** The shape of a value: its keys and the types of their values. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
}

test.each([
  ["you@example.com", ["mail-delivered"]],
  ["success@simulator.amazonses.com", ["mail-delivered"]],
  ["bounce+a@simulator.amazonses.com", ["mail-bounced"]],
  ["complaint@simulator.amazonses.com", ["mail-delivered", "mail-complained"]],
])("puts SES's events for a mail to %s on the bus", async (to, samples) => {
  await send(
    message({
      Destination: { ToAddresses: [to] },
      ConfigurationSetName: "rushes",
      EmailTags: [{ Name: "job_id", Value: "job_01KAP0000000000000000000AB" }],
    }),
  );
  expect(events).toHaveLength(samples.length);
  const rule = wiring.rules.find(({ name }) => name === "mail-feedback");
  for (const [at, name] of samples.entries()) {
    const file = new URL(`../../functions/events/${name}.json`, import.meta.url);
    const recorded = JSON.parse(await readFile(file, "utf8"));
    expect(compile(rule?.pattern ?? {})(events[at])).toBe(true);
    expect(events[at]?.["detail-type"]).toBe(recorded["detail-type"]);
    const { eventType, mail: _, ...fields } = recorded.detail;
    expect(events[at]?.detail).toMatchObject({
      eventType,
      mail: { destination: [to], tags: { job_id: ["job_01KAP0000000000000000000AB"] } },
    });
    for (const [key, value] of Object.entries(fields)) {
      const { userAgent: _, ...expected } = Object(shape(value));
      expect(shape(Reflect.get(Object(events[at]?.detail), key))).toEqual(expected);
    }
  }
});

test("emits no events without a configuration set, and rejects an unknown one", async () => {
  await send(message());
  expect(events).toEqual([]);
  await expect(send(message({ ConfigurationSetName: "other" }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
});
