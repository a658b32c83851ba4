/**
 * Starts the site's server function as Lambda would, `node start.mjs FOLDER`, and asks our API for
 * something: what was left out of the bundle shows at its first import. Nothing is linked here, so the
 * answer is our own "internal", which only our code can give. Ends with 0 when it came.
 */
import { Writable } from "node:stream";
import { pathToFileURL } from "node:url";

const chunks = [];
const stream = new Writable({
  write(chunk, _, done) {
    chunks.push(chunk);
    done();
  },
});
stream.setContentType = () => {};
// The runtime's own global: a handler of it is given the stream to answer into.
globalThis.awslambda = { streamifyResponse: (handler) => handler };

const { handler } = await import(pathToFileURL(`${process.argv[2]}/index.mjs`).href);
await handler(
  {
    version: "2.0",
    rawPath: "/api/health",
    rawQueryString: "",
    headers: { host: "video.example.com" },
    requestContext: { http: { method: "GET", path: "/api/health", sourceIp: "192.0.2.1" } },
  },
  stream,
  {},
);
// The answer's head is JSON, then eight zero bytes, then the body.
const answer = Buffer.concat(chunks);
const end = answer.indexOf(Buffer.alloc(8));
const { code } = JSON.parse(answer.subarray(end + 8).toString());
process.exit(code === "internal" ? 0 : 1);
