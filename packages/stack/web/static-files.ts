/**
 * The scripts and style sheets of the build, each compressed once. Next compresses a file again for every browser, in
 * the process that also renders the page: 1.5 MB for the page of a video.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Names of the build, whose parts do not begin with a dot. */
const FILE = /^\/_next\/static\/((?:[\w~-][\w~.-]*\/)*[\w~-][\w~.-]*\.(js|css))$/;
const TYPES: Record<string, string> = {
  js: "application/javascript; charset=UTF-8",
  css: "text/css; charset=UTF-8",
};

const compress = {
  // A higher quality takes seconds for a large script.
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }),
};
type Encoding = keyof typeof compress;

/** The best encoding that the client accepts. A client that forbids one with `q=0` gets Next's response. */
function encodingOf({ headers }: IncomingMessage): Encoding | undefined {
  const accepted = String(headers["accept-encoding"] ?? "");
  if (accepted.includes("q=0")) return undefined;
  return (["br", "gzip"] as const).find((one) => accepted.split(/[\s,;]+/).includes(one));
}

/**
 * Answers a GET for a file of `folder`, the build's `static`, below `/_next/static/`. `next` answers all other requests,
 * and those for files that do not exist.
 */
export function withStaticFiles(folder: string, next: RequestListener): RequestListener {
  /** Only of files that exist, so that it stays small. */
  const known = new Map<string, Promise<Buffer>>();

  async function read(name: string, encoding: Encoding): Promise<Buffer> {
    return compress[encoding](await readFile(join(folder, name)));
  }

  function compressed(name: string, encoding: Encoding): Promise<Buffer> {
    const key = `${encoding} ${name}`;
    const before = known.get(key);
    if (before) return before;
    const reading = read(name, encoding);
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    return reading;
  }

  return (request, response) => {
    const [, name, type = ""] = FILE.exec(request.url ?? "") ?? [];
    const encoding = encodingOf(request);
    const isPlain = request.method === "GET" && request.headers.range === undefined;
    if (name === undefined || !encoding || !isPlain) return next(request, response);
    compressed(name, encoding).then(
      (body) => send(response, body, { type: TYPES[type] ?? "", encoding }),
      () => next(request, response),
    );
  };
}

function send(
  response: ServerResponse,
  body: Buffer,
  { type, encoding }: { type: string; encoding: Encoding },
): void {
  response.writeHead(200, {
    "content-type": type,
    "content-encoding": encoding,
    "content-length": body.length,
    // Its name is a hash of its content.
    "cache-control": "public, max-age=31536000, immutable",
    vary: "Accept-Encoding",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
