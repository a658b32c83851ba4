/**
 * Starts the site's server function as Lambda does, `node start.mjs FOLDER`, and sends the API one request, so that an
 * import that is missing from the bundle fails. Nothing is linked here, so the expected response is the error
 * "internal", which only Rushes's code returns. Exits with 0 if it arrives.
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
// The Lambda runtime's global. It passes the response stream to the handler.
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
// The head of the response is JSON. Eight zero bytes and the body follow.
const answer = Buffer.concat(chunks);
const end = answer.indexOf(Buffer.alloc(8));
const { code } = JSON.parse(answer.subarray(end + 8).toString());
process.exit(code === "internal" ? 0 : 1);
