/** Parses a request's target into bucket, key and parameters. Path style only. */
import { parseQuery } from "../wire/canonical-request.ts";
import { S3Error } from "./errors.ts";

const MAX_KEY_BYTES = 1024;

export interface Target {
  bucket?: string;
  key?: string;
  query: Map<string, string>;
}

/**
 * Parses the raw target. It does not use `URL`, which would turn `a/../b` into `b` and lose keys that S3
 * allows. @throws S3Error InvalidURI, KeyTooLongError
 */
export function parseTarget(target: string): Target {
  // Some proxies send the absolute form, `http://host/path`.
  const path = target.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = path.indexOf("?");
  const raw = (mark < 0 ? path : path.slice(0, mark)).replace(/^\//, "");
  const slash = raw.indexOf("/");
  try {
    const query = new Map(mark < 0 ? [] : parseQuery(path.slice(mark + 1)));
    const bucket = decodeURIComponent(slash < 0 ? raw : raw.slice(0, slash));
    const key = slash < 0 ? "" : decodeKey(raw.slice(slash + 1));
    return { bucket: bucket || undefined, key: key || undefined, query };
  } catch (error) {
    if (error instanceof S3Error) throw error;
    throw new S3Error("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function decodeCopySource(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function decodeKey(raw: string): string {
  const key = decodeURIComponent(raw);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new S3Error("KeyTooLongError", "Your key is too long", {
      Size: String(Buffer.byteLength(key)),
      MaxSizeAllowed: String(MAX_KEY_BYTES),
    });
  }
  return key;
}

/** The source of a copy: `bucket/key` or `/bucket/key`, percent-encoded. @throws S3Error */
export function parseCopySource(header: string): { bucket: string; key: string } {
  const mark = header.indexOf("?");
  if (mark >= 0) {
    throw new S3Error("NotImplemented", "A copy source with a version is not implemented.");
  }
  // Some clients also encode the slash between bucket and key.
  const path = decodeCopySource(header).replace(/^\//, "");
  const slash = path.indexOf("/");
  const bucket = path.slice(0, Math.max(slash, 0));
  const key = path.slice(slash + 1);
  if (bucket === "" || key === "") {
    throw new S3Error("InvalidArgument", "Copy Source must mention the source bucket and key.");
  }
  return { bucket, key };
}
