/**
 * Addresses of what lies in the renditions bucket, signed as CloudFront wants them. Whoever serves them
 * checks the signature: CloudFront's edges on AWS, the CDN endpoint of the one-machine home there.
 */
import { getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { type Media, media } from "./resource.ts";
import { attachment } from "./storage.ts";

const STEP_MS = 5 * 60_000;
const LIFE_STEPS = 3;

/** A signature costs about a millisecond, and lists ask for the same fifty again and again. */
const signed = new Map<string, string>();
const MOST_SIGNED = 5_000;

/**
 * An address that is good for ten to fifteen minutes, to be asked for again before it ends. Its end is a
 * whole five minutes, so that the same object has the same address in every list.
 */
export function mediaUrl(input: {
  key: string;
  /** Downloads under this name instead of playing. */
  attachmentName?: string;
  now?: number;
}): { url: string; expires: string } {
  const { key, attachmentName, now = Date.now() } = input;
  const ends = new Date((Math.floor(now / STEP_MS) + LIFE_STEPS) * STEP_MS);
  const of = JSON.stringify([ends.getTime(), key, attachmentName]);
  const url = signed.get(of) ?? sign(addressOf(key, attachmentName), ends);
  const [oldest] = signed.keys();
  if (!signed.has(of) && oldest !== undefined && signed.size >= MOST_SIGNED) signed.delete(oldest);
  signed.set(of, url);
  return { url, expires: ends.toISOString() };
}

/** An address that ends at a second of its own: for whoever may lose the right to it at any moment. */
export function briefMediaUrl(input: { key: string; ends: Date }): string {
  return sign(addressOf(input.key), input.ends);
}

function addressOf(key: string, attachmentName?: string): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  const address = `${media().url}/${path}`;
  if (attachmentName === undefined) return address;
  return `${address}?response-content-disposition=${encodeURIComponent(attachment(attachmentName))}`;
}

/** SHA-256, because parts of the address are what strangers named their files. */
function sign(url: string, ends: Date): string {
  const { keyPairId, privateKey }: Media = media();
  return getSignedUrl({ url, keyPairId, privateKey, dateLessThan: ends, algorithm: "SHA256" });
}
