import { generateKeyPairSync } from "node:crypto";
import { getSignedCookies, getSignedUrl } from "@aws-sdk/cloudfront-signer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CloudFrontError } from "./error.ts";
import { verifySigned } from "./signature.ts";

const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const [trustedKey, next, strangers] = [pair(), pair(), pair()];
const pem = ({ privateKey }: ReturnType<typeof pair>) =>
  privateKey.export({ format: "pem", type: "pkcs8" }).toString();
const trusted = new Map([
  ["KTRUSTED", trustedKey.publicKey],
  ["KNEXT", next.publicKey],
]);
const PEM = pem(trustedKey);

const ORIGIN = "https://video.example.com";
const VIDEO = `${ORIGIN}/media/job_1/1/film/film-720p.mp4`;
const NOW = Date.parse("2026-01-01T12:00:00Z");
const SOON = new Date(NOW + 60_000);
const seconds = (date: Date) => date.getTime() / 1000;

const sign = (more: Partial<Parameters<typeof getSignedUrl>[0]> = {}) => {
  const input = { url: VIDEO, keyPairId: "KTRUSTED", privateKey: PEM, dateLessThan: SOON };
  // The signer's input is a union of one with a policy and one without.
  return getSignedUrl({ ...input, ...more } as Parameters<typeof getSignedUrl>[0]);
};
const policy = (resource: string, conditions: object = {}) =>
  JSON.stringify({
    Statement: [
      {
        Resource: resource,
        Condition: { DateLessThan: { "AWS:EpochTime": seconds(SOON) }, ...conditions },
      },
    ],
  });

type Overrides = Partial<Parameters<typeof verifySigned>[0]>;

/** "open", or CloudFront's error code. */
function ask(url: string, overrides: Overrides = {}): string {
  const { origin } = new URL(url);
  const target = url.slice(origin.length);
  try {
    verifySigned({ origin, target, address: "192.0.2.7", now: NOW, ...overrides }, trusted);
    return "open";
  } catch (error) {
    if (error instanceof CloudFrontError) return error.code;
    throw error;
  }
}

test.each(["SHA1", "SHA256"] as const)(
  "accepts URLs that AWS's signer signs with %s until they expire",
  (algorithm) => {
    const url = sign({ algorithm });
    expect(ask(url)).toBe("open");
    expect(ask(url, { now: SOON.getTime() - 1 })).toBe("open");
    expect(ask(url, { now: SOON.getTime() })).toBe("AccessDenied");
  },
);

test("accepts both keys during a key rotation, and no other key", () => {
  expect(ask(sign({ keyPairId: "KNEXT", privateKey: pem(next) }))).toBe("open");
  expect(ask(sign({ keyPairId: "KNEXT" }))).toBe("AccessDenied");
  expect(ask(sign({ privateKey: pem(strangers) }))).toBe("AccessDenied");
  expect(ask(sign({ keyPairId: "KOTHER" }))).toBe("InvalidKey");
  expect(ask(VIDEO)).toBe("MissingKey");
});

test("accepts a signature for one URL only: no other path, host, scheme or parameter", () => {
  const url = sign({
    url: `${VIDEO}?response-content-disposition=attachment`,
    algorithm: "SHA256",
  });
  expect(ask(url)).toBe("open");
  for (const [from, to] of [
    ["film-720p", "film-1080p"],
    ["job_1/1", "job_1/1/../1"],
    ["job_1/1", "job_1%2F1"],
    ["film/film", "film//film"],
    ["=attachment", "=inline"],
    ["?response", "?x=1&response"],
    ["Key-Pair-Id", "x=1&Key-Pair-Id"],
    ["https:", "http:"],
    ["video.example.com", "evil.example.com"],
  ] as const) {
    const altered = url.replace(from, to);
    const { origin } = new URL(altered);
    expect(altered).not.toBe(url);
    const target = altered.slice(origin.length);
    expect(ask(url, { origin, target }), to).toBe("AccessDenied");
  }
  const ends = /Expires=(\d+)/.exec(url)?.[1] ?? "";
  expect(ask(url.replace(ends, String(Number(ends) + 1)))).toBe("AccessDenied");
  expect(ask(`${url}&Expires=${ends}`)).toBe("AccessDenied");
  expect(ask(url.replace("Hash-Algorithm=SHA256", "Hash-Algorithm=MD5"))).toBe("AccessDenied");
});

test("accepts a custom policy within its wildcards, times and network", () => {
  const all = policy(`${ORIGIN}/media/job_1/*`);
  const signed = (text: string, url = VIDEO) =>
    sign({ url, policy: text, dateLessThan: undefined });
  expect(ask(signed(all))).toBe("open");
  expect(ask(signed(all, `${ORIGIN}/media/job_2/1/film.mp4`))).toBe("AccessDenied");
  expect(ask(signed(all), { now: SOON.getTime() })).toBe("AccessDenied");
  const begun = policy("*", { DateGreaterThan: { "AWS:EpochTime": seconds(SOON) - 30 } });
  expect(ask(signed(begun))).toBe("AccessDenied");
  expect(ask(signed(begun), { now: NOW + 30_000 })).toBe("open");
  const here = policy("*", { IpAddress: { "AWS:SourceIp": "192.0.2.0/24" } });
  expect(ask(signed(here))).toBe("open");
  expect(ask(signed(here), { address: "::ffff:192.0.2.200" })).toBe("open");
  for (const address of ["192.0.3.7", "2001:db8::7", "", "192.0.2.7, 10.0.0.1"]) {
    expect(ask(signed(here), { address }), address).toBe("AccessDenied");
  }
});

test.each([
  ["malformed JSON", "{"],
  ["no expiry", JSON.stringify({ Statement: [{ Resource: "*", Condition: {} }] })],
  ["an unsupported condition", policy("*", { StringLike: { a: "b" } })],
  ["two statements", policy("*").replace("[{", "[{},{")],
  ["an expiry that is a string", policy("*").replace(/\d{10}/, '"9999999999"')],
  ["an invalid network", policy("*", { IpAddress: { "AWS:SourceIp": "here" } })],
  ["an IPv6 network", policy("*", { IpAddress: { "AWS:SourceIp": "::/0" } })],
])("rejects a signed policy with %s", (_, text) => {
  expect(ask(sign({ policy: text, dateLessThan: undefined }))).toBe("MalformedPolicy");
});

test("accepts signed cookies, and ignores them if the URL is signed", () => {
  const cookies = getSignedCookies({
    policy: policy(`${ORIGIN}/media/job_1/*`),
    keyPairId: "KTRUSTED",
    privateKey: PEM,
    algorithm: "SHA256",
  });
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .concat("theme=dark")
    .join("; ");
  expect(ask(VIDEO, { cookie })).toBe("open");
  expect(ask(`${ORIGIN}/media/job_2/a`, { cookie })).toBe("AccessDenied");
  expect(ask(sign({ privateKey: pem(strangers) }), { cookie })).toBe("AccessDenied");
  expect(ask(`${VIDEO}?Expires=1`, { cookie })).toBe("MissingKey");
});

test("accepts a signature for its file only, whatever the file's name", () => {
  const name = fc
    .string({ unit: "binary", minLength: 1 })
    .map((text) => text.toWellFormed())
    .filter((text) => !/^\.{1,2}$/.test(text) && !text.includes("/"));
  fc.assert(
    fc.property(name, name, (one, other) => {
      const address = (key: string) => `${ORIGIN}/media/${encodeURIComponent(key)}`;
      const url = sign({ url: address(one) });
      expect(ask(url)).toBe("open");
      fc.pre(one !== other);
      const query = url.slice(url.indexOf("?"));
      expect(ask(`${sign({ url: address(other) }).split("?")[0]}${query}`)).toBe("AccessDenied");
    }),
    { numRuns: 50 },
  );
});

test("rejects arbitrary input without an internal error", () => {
  const word = fc.oneof(
    fc.string({ unit: "binary-ascii" }),
    fc.constantFrom("Expires", "Policy", "Signature", "Key-Pair-Id", "KTRUSTED", "9999999999", "%"),
  );
  const query = fc.array(fc.tuple(word, word).map(([name, value]) => `${name}=${value}`));
  fc.assert(
    fc.property(word, query, fc.string(), (path, pairs, cookie) => {
      const target = `/media/${path}?${pairs.join("&")}`;
      expect(ask(ORIGIN, { target, cookie })).not.toBe("open");
    }),
    { numRuns: 300 },
  );
});

test("rejects a signature with any changed letter", () => {
  const url = sign();
  const at = url.indexOf("Signature=") + "Signature=".length;
  const chars = "Aa0-~_%".split("");
  fc.assert(
    fc.property(fc.nat({ max: 340 }), fc.constantFrom(...chars), (offset, char) => {
      const altered = url.slice(0, at + offset) + char + url.slice(at + offset + 1);
      fc.pre(altered !== url);
      expect(ask(altered)).toMatch(/AccessDenied|MalformedSignature/);
    }),
  );
});
