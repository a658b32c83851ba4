/**
 * Addresses of what lies in the renditions bucket, signed as CloudFront wants them. Whoever serves them
 * checks the signature: CloudFront's edges on AWS, the CDN endpoint of the one-machine home there.
 */
import { createHash, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import { type Media, media } from "./resource.ts";
import { attachment } from "./storage.ts";

const STEP_MS = 5 * 60_000;
const LIFE_STEPS = 3;

/** A signature costs about a millisecond, and lists ask for the same fifty again and again. */
const signed = new Map<string, string>();
const MOST_SIGNED = 5_000;

interface Asked {
  key: string;
  /** Downloads under this name instead of playing. */
  attachmentName?: string;
  now?: number;
}

/**
 * An address that is good for ten to fifteen minutes, to be asked for again before it ends. Its end is a
 * whole five minutes, so that the same object has the same address in every list.
 */
export function mediaUrl({ key, attachmentName, now = Date.now() }: Asked): {
  url: string;
  expires: string;
} {
  const address = addressOf(key, attachmentName);
  const ends = endOf(now);
  return { url: once(address, ends), expires: ends.toISOString() };
}

/**
 * An address of a picture, good for ten to fifteen minutes. Each key's five minutes begin at another moment: those
 * of a list do not all end at once, so that one request need not sign them all.
 */
export function pictureUrl(key: string, now = Date.now()): string {
  return once(addressOf(key), pictureEnd(key, now));
}

/**
 * Signs the addresses of many pictures that are not signed yet, on the threads of the pool: the signatures of a list of
 * 100 take as long as 100 divided by the cores, and hold up no other request. `pictureUrl` then has them.
 */
export async function signPictures(keys: readonly string[], now = Date.now()): Promise<void> {
  await Promise.all(
    keys.map(async (key) => {
      const [address, ends] = [addressOf(key), pictureEnd(key, now)];
      const name = nameOf(address, ends);
      if (signed.has(name)) return;
      remember(name, complete(address, ends, await signInPool(policyOf(address, ends))));
    }),
  );
}

/** An address that ends at a second of its own: for whoever may lose the right to it at any moment. */
export function briefMediaUrl(input: { key: string; ends: Date }): string {
  return signNow(addressOf(input.key), input.ends);
}

const endOf = (now: number, offsetMs = 0) =>
  new Date((Math.floor((now - offsetMs) / STEP_MS) + LIFE_STEPS) * STEP_MS + offsetMs);

/** A signature ends at a whole second. */
const pictureEnd = (key: string, now: number) =>
  endOf(now, (createHash("sha1").update(key).digest().readUInt32BE() % (STEP_MS / 1000)) * 1000);

function addressOf(key: string, attachmentName?: string): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  const address = `${media().url}/${path}`;
  if (attachmentName === undefined) return address;
  return `${address}?response-content-disposition=${encode(attachment(attachmentName))}`;
}

/** Browsers send a `'` of a query as `%27`; what is signed must be what is sent. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const nameOf = (address: string, ends: Date) => `${ends.getTime()} ${address}`;

function once(address: string, ends: Date): string {
  const name = nameOf(address, ends);
  const known = signed.get(name);
  if (known !== undefined) return known;
  const url = signNow(address, ends);
  remember(name, url);
  return url;
}

function remember(name: string, url: string): void {
  const [oldest] = signed.keys();
  if (oldest !== undefined && signed.size >= MOST_SIGNED) signed.delete(oldest);
  signed.set(name, url);
}

/** CloudFront's canned policy, character by character: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html */
const policyOf = (address: string, ends: Date) =>
  Buffer.from(
    JSON.stringify({
      Statement: [
        {
          Resource: address,
          Condition: { DateLessThan: { "AWS:EpochTime": Math.floor(ends.getTime() / 1000) } },
        },
      ],
    }),
  );

let parsed: { pem: string; key: KeyObject } | undefined;

/** The key, parsed once: a third of a signature's time otherwise. */
function privateKey(): KeyObject {
  const { privateKey: pem }: Media = media();
  if (parsed?.pem !== pem) parsed = { pem, key: createPrivateKey(pem) };
  return parsed.key;
}

/** SHA-256, because parts of the address are what strangers named their files. */
const signNow = (address: string, ends: Date) =>
  complete(address, ends, sign("sha256", policyOf(address, ends), privateKey()));

const signWithCallback = promisify(
  (data: Buffer, done: (error: Error | null, signature: Buffer) => void) =>
    sign("sha256", data, privateKey(), done),
);
const signInPool = (data: Buffer) => signWithCallback(data);

/** The parameters that `@aws-sdk/cloudfront-signer` adds; it signs on the calling thread alone. */
function complete(address: string, ends: Date, signature: Buffer): string {
  const text = signature
    .toString("base64")
    .replace(/[+=/]/g, (letter) => ({ "+": "-", "=": "_", "/": "~" })[letter] ?? "");
  const parameters = [
    `Expires=${Math.floor(ends.getTime() / 1000)}`,
    `Key-Pair-Id=${media().keyPairId}`,
    `Signature=${text}`,
    "Hash-Algorithm=SHA256",
  ].join("&");
  return `${address}${address.includes("?") ? "&" : "?"}${parameters}`;
}
