/**
 * CloudFront's signatures, the verifying side: signed addresses and signed cookies, with canned and with
 * custom policies. What is signed here opens the same on AWS.
 */
import { type KeyObject, verify } from "node:crypto";
import { Denied } from "./denied.ts";
import { allows, cannedPolicy, type Policy, parsePolicy } from "./policy.ts";

export interface Asked {
  /** Scheme and host as the browser wrote them, without a slash at the end. */
  origin: string;
  /** The raw path and query. */
  target: string;
  cookie?: string | undefined;
  /** Where the request comes from. */
  address: string;
  now: number;
}

/** The public keys that are trusted, by their ids: two of them while one replaces the other. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

/** What is left of an address without its signature: raw, as it came. */
export interface Address {
  path: string;
  query: string;
}

const NAMES = ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"] as const;
type Name = (typeof NAMES)[number];
type Parts = Partial<Record<Name, string>>;

const nameOf = (text: string): Name | undefined => NAMES.find((name) => name === text);

/** Lets pass what a trusted key has signed, for now and for this address. @throws Denied */
export function verifySigned(asked: Asked, keys: TrustedKeys): Address {
  const { address, parts: inQuery } = split(asked.target);
  const parts = Object.keys(inQuery).length > 0 ? inQuery : ofCookies(asked.cookie ?? "");
  const url = `${asked.origin}${address.path}${address.query === "" ? "" : `?${address.query}`}`;
  const id = parts["Key-Pair-Id"];
  if (id === undefined || id === "") {
    throw new Denied("MissingKey", "Missing Key-Pair-Id query parameter or cookie value");
  }
  const key = keys.get(id);
  if (!key) throw new Denied("InvalidKey", "Unknown Key");
  const { policy, text } = policyOf(parts, url);
  const signature = decode(parts.Signature);
  if (!signature) throw new Denied("MalformedSignature", "Could not unencode Signature");
  const isSigned = verify(hashOf(parts), Buffer.from(text), key, signature);
  if (!isSigned || !allows(policy, { ...asked, url })) throw denied();
  return address;
}

const denied = () => new Denied("AccessDenied", "Access denied");

/** Takes the signature out of an address; the order of all else stays, for it is signed. @throws Denied */
function split(target: string): { address: Address; parts: Parts } {
  const mark = target.indexOf("?");
  const pairs = mark < 0 ? [] : target.slice(mark + 1).split("&");
  const parts: Parts = {};
  const others = pairs.filter((pair) => {
    const equals = pair.indexOf("=");
    const name = nameOf(equals < 0 ? pair : pair.slice(0, equals));
    if (name === undefined) return true;
    put(parts, name, equals < 0 ? "" : pair.slice(equals + 1));
    return false;
  });
  const path = mark < 0 ? target : target.slice(0, mark);
  return { address: { path, query: others.join("&") }, parts };
}

/** Whatever stands there twice may be read in two ways. @throws Denied */
function put(parts: Parts, name: Name, value: string): void {
  if (parts[name] !== undefined) throw denied();
  parts[name] = value;
}

function ofCookies(header: string): Parts {
  const parts: Parts = {};
  for (const pair of header.split(";")) {
    const [, is = "", value = ""] = /^\s*CloudFront-([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const name = nameOf(is);
    if (name !== undefined) put(parts, name, value);
  }
  return parts;
}

/** The policy that holds, and the text that was signed. @throws Denied */
function policyOf(parts: Parts, url: string): { policy: Policy; text: string } {
  if (parts.Policy !== undefined) {
    if (parts.Expires !== undefined) throw denied();
    const bytes = decode(parts.Policy);
    if (!bytes) throw new Denied("MalformedPolicy", "Could not unencode Policy");
    const text = bytes.toString("utf8");
    return { policy: parsePolicy(text), text };
  }
  if (!/^\d{1,11}$/.test(parts.Expires ?? "")) {
    throw new Denied("MalformedPolicy", "Malformed Policy");
  }
  const policy = { resource: url, endsSeconds: Number(parts.Expires) };
  // What a canned policy names is this address and no other, though it may hold a star.
  const text = cannedPolicy(policy);
  return { policy: { ...policy, resource: "*" }, text };
}

function hashOf(parts: Parts): "sha1" | "sha256" {
  const name = parts["Hash-Algorithm"] ?? "SHA1";
  if (name === "SHA256") return "sha256";
  if (name === "SHA1") return "sha1";
  throw denied();
}

/** CloudFront's base64, which addresses and cookies can carry: `-_~` for `+=/`. */
function decode(text: string | undefined): Buffer | undefined {
  if (text === undefined || !/^[\w~-]+$/.test(text)) return undefined;
  const plain = text.replace(/[-_~]/g, (letter) => ({ "-": "+", _: "=", "~": "/" })[letter] ?? "");
  const bytes = Buffer.from(plain, "base64");
  // Node reads over what is no base64; two texts must not be the same signature.
  return bytes.toString("base64") === plain ? bytes : undefined;
}
