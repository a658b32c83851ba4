/**
 * Signed URLs of objects in the renditions bucket, in CloudFront's format. The signature is verified by CloudFront's
 * edges on AWS, and by the CDN of the local stack.
 */
import { createHash, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import { MEDIA } from "./rendition/key.ts";
import { type Media, media } from "./resource.ts";
import { attachment } from "./storage.ts";

const STEP_MS = 5 * 60_000;
const LIFE_STEPS = 3;

/** A signature takes about a millisecond, and lists request the same fifty again and again. */
const signed = new Map<string, string>();
const MOST_SIGNED = 5_000;

interface MediaRequest {
  key: string;
  /** Downloads under this name instead of playing. */
  attachmentName?: string;
  now?: number;
}

/**
 * A URL that is valid for ten to fifteen minutes. Request another before it expires. It expires at a multiple of five
 * minutes, so that the same object has the same URL in every list.
 */
export function mediaUrl({ key, attachmentName, now = Date.now() }: MediaRequest): {
  url: string;
  expires: string;
} {
  const address = addressOf(key, attachmentName);
  const ends = endOf(now);
  return { url: once(address, ends), expires: ends.toISOString() };
}

/**
 * The URL of a picture, valid for ten to fifteen minutes. Each key's five minutes begin at another moment, so that the
 * URLs of a list do not all expire at once and one request need not sign them all.
 */
export function pictureUrl(key: string, now = Date.now()): string {
  return once(addressOf(key), pictureEnd(key, now));
}

/**
 * Signs the URLs of pictures that are not signed yet, in the thread pool: 100 signatures take as long as 100 divided by
 * the cores, and block no other request. `pictureUrl` then returns them.
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

/** A URL that expires at an exact second, for someone who may lose access at any moment. */
export function briefMediaUrl(
  input: Pick<MediaRequest, "key" | "attachmentName"> & { ends: Date },
): string {
  return signNow(addressOf(input.key, input.attachmentName), input.ends);
}

/**
 * The URL of a file and of everything beside and below it: its query is also valid for every other file of its folder.
 * It is valid for ten to fifteen minutes, or until `ends`. An adaptive stream has thousands of files, and each would
 * otherwise need its own signature.
 */
export function folderUrl(input: { key: string; now?: number; ends?: Date }): {
  url: string;
  expires: string;
} {
  const { key, now = Date.now() } = input;
  const ends = input.ends ?? endOf(now);
  // A star in the URL would be a wildcard of the policy.
  const address = addressOf(key).replaceAll("*", "%2A");
  const resource = `${address.slice(0, address.lastIndexOf("/") + 1)}*`;
  const expires = ends.toISOString();
  const known = input.ends ? undefined : signed.get(nameOf(resource, ends));
  if (known !== undefined) return { url: `${address}?${known}`, expires };
  const policy = policyOf(resource, ends);
  const query = queryOf(`Policy=${urlSafe(policy)}`, sign("sha256", policy, privateKey()));
  if (!input.ends) remember(nameOf(resource, ends), query);
  return { url: `${address}?${query}`, expires };
}

const endOf = (now: number, offsetMs = 0) =>
  new Date((Math.floor((now - offsetMs) / STEP_MS) + LIFE_STEPS) * STEP_MS + offsetMs);

/** A signature expires at a whole second. */
const pictureEnd = (key: string, now: number) =>
  endOf(now, (createHash("sha1").update(key).digest().readUInt32BE() % (STEP_MS / 1000)) * 1000);

function addressOf(key: string, attachmentName?: string): string {
  // The URL of the CDN ends with the prefix that keys begin with. Keys of earlier versions have none.
  const rest = key.startsWith(MEDIA) ? key.slice(MEDIA.length) : key;
  const path = rest.split("/").map(encodeURIComponent).join("/");
  const address = `${media().url}/${path}`;
  if (attachmentName === undefined) return address;
  return `${address}?response-content-disposition=${encode(attachment(attachmentName))}`;
}

/** Browsers send a `'` of a query as `%27`. The signed URL must match what they send. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
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

/** CloudFront's policy; the canned one character by character: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html */
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

/** The key, parsed once. Parsing takes a third of a signature's time. */
function privateKey(): KeyObject {
  const { privateKey: pem }: Media = media();
  if (parsed?.pem !== pem) parsed = { pem, key: createPrivateKey(pem) };
  return parsed.key;
}

/** SHA-256, because the URL contains file names, which any user can choose. */
const signNow = (address: string, ends: Date) =>
  complete(address, ends, sign("sha256", policyOf(address, ends), privateKey()));

const signWithCallback = promisify(
  (data: Buffer, done: (error: Error | null, signature: Buffer) => void) =>
    sign("sha256", data, privateKey(), done),
);
const signInPool = (data: Buffer) => signWithCallback(data);

/** The parameters that `@aws-sdk/cloudfront-signer` adds. It signs only on the calling thread. */
function complete(address: string, ends: Date, signature: Buffer): string {
  const query = queryOf(`Expires=${Math.floor(ends.getTime() / 1000)}`, signature);
  return `${address}${address.includes("?") ? "&" : "?"}${query}`;
}

const queryOf = (policy: string, signature: Buffer) =>
  [
    policy,
    `Key-Pair-Id=${media().keyPairId}`,
    `Signature=${urlSafe(signature)}`,
    "Hash-Algorithm=SHA256",
  ].join("&");

/** CloudFront's base64, which is safe in URLs. */
const urlSafe = (bytes: Buffer) =>
  bytes
    .toString("base64")
    .replace(/[+=/]/g, (character) => ({ "+": "-", "=": "_", "/": "~" })[character] ?? "");
