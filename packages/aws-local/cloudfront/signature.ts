/**
 * Verifies CloudFront's signatures: signed URLs and signed cookies, with canned and custom policies. A signature that
 * is valid here is valid on AWS.
 */
import { type KeyObject, verify } from "node:crypto";
import { CloudFrontError } from "./error.ts";
import { allows, cannedPolicy, type Policy, parsePolicy } from "./policy.ts";

export interface SignedRequest {
  /** Scheme and host as the browser sent them, without a trailing slash. */
  origin: string;
  /** The raw path and query. */
  target: string;
  cookie?: string | undefined;
  /** The client's IP address. */
  address: string;
  now: number;
}

/** The trusted public keys by their ids: two of them during a key rotation. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

/** The raw path and query without the signature. */
export interface UnsignedTarget {
  path: string;
  query: string;
}

const NAMES = ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"] as const;
type Name = (typeof NAMES)[number];
type Parts = Partial<Record<Name, string>>;

const nameOf = (text: string): Name | undefined => NAMES.find((name) => name === text);

/** Verifies the signature and its policy. @throws CloudFrontError */
export function verifySigned(request: SignedRequest, keys: TrustedKeys): UnsignedTarget {
  const { unsigned, parts: inQuery } = split(request.target);
  const parts = Object.keys(inQuery).length > 0 ? inQuery : fromCookies(request.cookie ?? "");
  const url = `${request.origin}${unsigned.path}${unsigned.query === "" ? "" : `?${unsigned.query}`}`;
  const id = parts["Key-Pair-Id"];
  if (id === undefined || id === "") {
    throw new CloudFrontError("MissingKey", "Missing Key-Pair-Id query parameter or cookie value");
  }
  const key = keys.get(id);
  if (!key) throw new CloudFrontError("InvalidKey", "Unknown Key");
  const { policy, text } = readPolicy(parts, url);
  const signature = decode(parts.Signature);
  if (!signature) throw new CloudFrontError("MalformedSignature", "Could not unencode Signature");
  const isSigned = verify(hashOf(parts), Buffer.from(text), key, signature);
  if (!isSigned || !allows(policy, { ...request, url })) throw denied();
  return unsigned;
}

const denied = () => new CloudFrontError("AccessDenied", "Access denied");

/** Separates the signature from the rest, which keeps its order because it is signed. @throws CloudFrontError */
function split(target: string): { unsigned: UnsignedTarget; parts: Parts } {
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
  return { unsigned: { path, query: others.join("&") }, parts };
}

/** A repeated part would be ambiguous. @throws CloudFrontError */
function put(parts: Parts, name: Name, value: string): void {
  if (parts[name] !== undefined) throw denied();
  parts[name] = value;
}

function fromCookies(header: string): Parts {
  const parts: Parts = {};
  for (const pair of header.split(";")) {
    const [, is = "", value = ""] = /^\s*CloudFront-([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const name = nameOf(is);
    if (name !== undefined) put(parts, name, value);
  }
  return parts;
}

/** The policy, and the text that is signed. @throws CloudFrontError */
function readPolicy(parts: Parts, url: string): { policy: Policy; text: string } {
  if (parts.Policy !== undefined) {
    if (parts.Expires !== undefined) throw denied();
    const bytes = decode(parts.Policy);
    if (!bytes) throw new CloudFrontError("MalformedPolicy", "Could not unencode Policy");
    const text = bytes.toString("utf8");
    return { policy: parsePolicy(text), text };
  }
  if (!/^\d{1,11}$/.test(parts.Expires ?? "")) {
    throw new CloudFrontError("MalformedPolicy", "Malformed Policy");
  }
  const policy = { resource: url, endsSeconds: Number(parts.Expires) };
  // A canned policy is for this URL only, even if it contains a star.
  const text = cannedPolicy(policy);
  return { policy: { ...policy, resource: "*" }, text };
}

function hashOf(parts: Parts): "sha1" | "sha256" {
  const name = parts["Hash-Algorithm"] ?? "SHA1";
  if (name === "SHA256") return "sha256";
  if (name === "SHA1") return "sha1";
  throw denied();
}

/** CloudFront's base64, which is safe in URLs and cookies: `-_~` for `+=/`. */
function decode(text: string | undefined): Buffer | undefined {
  if (text === undefined || !/^[\w~-]+$/.test(text)) return undefined;
  const plain = text.replace(/[-_~]/g, (char) => ({ "-": "+", _: "=", "~": "/" })[char] ?? "");
  const bytes = Buffer.from(plain, "base64");
  // Node skips invalid characters; two texts must not decode to one signature.
  return bytes.toString("base64") === plain ? bytes : undefined;
}
