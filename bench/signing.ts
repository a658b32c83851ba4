/** The web server of the pages that the upload benchmark compares with. It signs their requests, and passes all others on. */
import { once } from "node:events";
import * as http from "node:http";
import { json } from "node:stream/consumers";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import * as z from "zod";

const Key = { key: z.string() };
const Multipart = { ...Key, uploadId: z.string() };
const Named = { name: z.string(), contentType: z.string() };
const Parts = z.array(z.object({ PartNumber: z.number(), ETag: z.string() }));

/** A request of Uppy 6. */
const Any = z.object({
  ...Key,
  method: z.enum(["PUT", "POST", "GET", "DELETE"]),
  contentType: z.string().optional(),
  uploadId: z.string().optional(),
  partNumber: z.number().optional(),
});
const Operation = z.discriminatedUnion("type", [
  z.object({ type: z.literal("put"), ...Named }),
  z.object({ type: z.literal("create"), ...Named }),
  z.object({ type: z.literal("part"), ...Multipart, partNumber: z.number() }),
  z.object({ type: z.literal("list"), ...Multipart }),
  z.object({ type: z.literal("complete"), ...Multipart, parts: Parts }),
  z.object({ type: z.literal("abort"), ...Multipart }),
  z.object({ type: z.literal("any"), request: Any }),
]);

export interface Signing {
  port: number;
  close(): Promise<void>;
}

/** The presigned URL of a request. */
function urlOf(s3: S3Client, Bucket: string, request: z.infer<typeof Any>): Promise<string> {
  const { key: Key, method, uploadId: UploadId, partNumber: PartNumber, contentType } = request;
  const object = { Bucket, Key };
  if (UploadId === undefined) {
    if (method === "POST") return getSignedUrl(s3, new CreateMultipartUploadCommand(object));
    return getSignedUrl(s3, new PutObjectCommand({ ...object, ContentType: contentType }));
  }
  const upload = { ...object, UploadId };
  switch (method) {
    case "PUT":
      return getSignedUrl(s3, new UploadPartCommand({ ...upload, PartNumber }));
    case "POST":
      return getSignedUrl(s3, new CompleteMultipartUploadCommand(upload));
    case "GET":
      return getSignedUrl(s3, new ListPartsCommand(upload));
    case "DELETE":
      return getSignedUrl(s3, new AbortMultipartUploadCommand(upload));
  }
}

/** Responds to one request of a page. */
function createAnswers(s3: S3Client, Bucket: string) {
  let count = 0;
  const newKey = (name: string) => {
    count += 1;
    return `bench/${count}/${name}`;
  };
  const signed = async (request: z.infer<typeof Any>) => ({
    url: await urlOf(s3, Bucket, request),
  });
  return async (operation: z.infer<typeof Operation>): Promise<unknown> => {
    switch (operation.type) {
      case "any":
        return signed(operation.request);
      case "put": {
        const { name, contentType } = operation;
        return signed({ method: "PUT", key: newKey(name), contentType });
      }
      case "part":
        return signed({ ...operation, method: "PUT" });
      case "create": {
        const Key = newKey(operation.name);
        const ContentType = operation.contentType;
        const made = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType }));
        return { key: Key, uploadId: made.UploadId };
      }
    }
    const place = { Bucket, Key: operation.key, UploadId: operation.uploadId };
    if (operation.type === "list") return (await s3.send(new ListPartsCommand(place))).Parts ?? [];
    if (operation.type === "abort") {
      await s3.send(new AbortMultipartUploadCommand(place));
      return {};
    }
    const MultipartUpload = { Parts: operation.parts };
    const made = await s3.send(new CompleteMultipartUploadCommand({ ...place, MultipartUpload }));
    return { location: made.Location };
  };
}

const page = (name: string) => `<!doctype html><input type="file" multiple>
<script src="/bench/${name}.js"></script>
<script>
document.querySelector("input").onchange = async ({ target }) => {
  performance.mark("chosen");
  try {
    await window.upload([...target.files]);
    performance.mark("stored");
  } catch (error) {
    performance.mark("failed", { detail: String(error) });
  }
};
</script>`;

/**
 * Starts the server.
 *
 * @param scripts by the name of their page, which is `/bench/NAME`
 */
export async function startSigning(options: {
  dashboard: string;
  s3: S3Client;
  bucket: string;
  scripts: Record<string, string>;
}): Promise<Signing> {
  const { dashboard, s3, bucket, scripts } = options;
  const answer = createAnswers(s3, bucket);
  const agent = new http.Agent({ keepAlive: true });

  async function respond(incoming: http.IncomingMessage, outgoing: http.ServerResponse) {
    const { url = "/", method, headers } = incoming;
    if (url === "/bench/sign") {
      const result = JSON.stringify(await answer(Operation.parse(await json(incoming))));
      outgoing.writeHead(200, { "content-type": "application/json" }).end(result);
      return;
    }
    const [, name = "", isScript] = /^\/bench\/([^.]+)(\.js)?$/.exec(url) ?? [];
    if (name in scripts) {
      const type = isScript ? "text/javascript" : "text/html";
      outgoing.writeHead(200, { "content-type": type });
      outgoing.end(isScript ? scripts[name] : page(name));
      return;
    }
    const forwarded = http.request(new URL(url, dashboard), { method, headers, agent });
    outgoing.once("close", () => forwarded.destroy());
    forwarded.once("error", () => outgoing.destroy());
    forwarded.once("response", (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  }

  const server = http.createServer((incoming, outgoing) => {
    respond(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500).end(String(error));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The server has no port.");
  return {
    port: address.port,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
