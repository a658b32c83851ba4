import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { CODES } from "@rushes/core/error";
import { MAX_TAGS, Tag } from "@rushes/core/job/tags";
import * as Upload from "@rushes/core/upload/index";
import { emptyBody } from "./empty-body.ts";
import { scope } from "./needs.ts";
import { failures, json, OwnerId, UploadParam } from "./schemas.ts";

const Info = Upload.Info.clone().openapi("Upload");
const SignedRequest = Upload.SignedRequest.clone().openapi("SignedRequest");

const Existing = Upload.Existing.clone().openapi("ExistingVideo");

const Crc64 = Upload.Crc64.clone().describe(
  "Base64 of the big-endian CRC-64/NVME, as S3's `x-amz-checksum-crc64nvme`.",
);
const NewFile = z.object({
  name: z.string().min(1).max(1024),
  sizeBytes: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  // It becomes a signed header, in which S3 accepts only printable ASCII.
  contentType: z
    .string()
    .max(255)
    .regex(/^[\x20-\x7e]*$/, "has characters that a header cannot carry"),
  fingerprint: z.string().max(200).optional(),
  profile: z
    .string()
    .max(100)
    .optional()
    .describe("What to make of the file: a name of `GET /profiles`."),
  tags: z
    .array(Tag)
    .max(MAX_TAGS)
    .optional()
    .describe(
      "The tags that the video gets. Those that differ only in case or accents are the same.",
    ),
  crc64nvme: Crc64.optional().describe(
    "The file's checksum. If the plan is `single`, the request is signed with it.",
  ),
  onlyNew: z
    .boolean()
    .optional()
    .describe(
      "True if no upload is to start for a file that one of your videos with this profile was made of. The result is then that video.",
    ),
});
/** Any string that a header can have, such as a UUID. */
const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 ASCII characters");
const Created = z.union([
  z.object({ upload: Info, requests: z.array(SignedRequest) }),
  z.object({ error: z.object({ code: z.enum(CODES), message: z.string() }) }),
  z.object({
    existing: Existing.describe(
      "`same` is `file` if the name, the size and the fingerprint are the same, and `checksum` if the size and the checksum are. With `size`, send the file again with `crc64nvme` to find out.",
    ),
  }),
]);
const Part = Upload.Part.clone();
const PartNumber = z.number().int().min(1).max(10_000);
const ToSign = z.object({
  partNumbers: z.array(PartNumber).min(1).max(100).optional(),
  parts: z
    .array(z.object({ partNumber: PartNumber, crc64nvme: Crc64 }))
    .min(1)
    .max(100)
    .optional()
    .describe("Parts with their checksums. S3 rejects a part that arrives with other bytes."),
  crc64nvme: Crc64.optional().describe("The checksum of the file, for the single PUT."),
});
const one = json(z.object({ upload: Info }));

const NewUploads = z.object({
  files: z.array(NewFile).min(1).max(100),
  checksums: z
    .boolean()
    .optional()
    .describe(
      "True if you sign every request with a checksum. A file with `crc64nvme` then gets its single PUT, and any other file gets no request before you call `sign`.",
    ),
});

const create = createRoute({
  method: "post",
  path: "/uploads",
  ...scope("upload"),
  summary: "Start uploads: plans and first URLs, in the order of the files",
  description:
    "Within 24 hours, the same `Idempotency-Key` with the same files returns the same uploads.",
  request: {
    headers: z.object({ "idempotency-key": IdempotencyKey.optional() }),
    body: { required: true, ...json(NewUploads) },
  },
  responses: {
    201: {
      description: "One result for each file: the upload, the error, or the video that exists.",
      ...json(z.object({ results: z.array(Created) })),
    },
    ...failures(409),
  },
});

const Page = z.object({ uploads: z.array(Info), cursor: z.string().optional() });
const list = createRoute({
  method: "get",
  path: "/uploads",
  ...scope("upload"),
  summary: "A page of your uploads of one status, newest first",
  description: "A signed-in admin can set another `owner`.",
  request: {
    query: z.object({
      status: z.enum(Upload.STATUSES).default("open"),
      owner: OwnerId.optional(),
      cursor: z.string().max(2000).optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
  },
  responses: {
    200: { description: "A page.", ...json(Page) },
    ...failures(),
  },
});

const get = createRoute({
  method: "get",
  path: "/uploads/{id}",
  ...scope("upload"),
  summary: "One upload, with its job if it exists",
  request: { params: UploadParam },
  responses: { 200: { description: "The upload.", ...one }, ...failures(404) },
});

const sign = createRoute({
  method: "post",
  path: "/uploads/{id}/sign",
  ...scope("upload"),
  summary: "Sign a batch of parts, or the single PUT",
  description:
    "A request that is signed with a checksum has the header `x-amz-checksum-crc64nvme`. If other bytes arrive, S3 returns 400 `BadDigest` and stores nothing: send it again.",
  request: {
    params: UploadParam,
    body: { required: true, ...json(ToSign) },
  },
  responses: {
    200: {
      description: "The requests to send.",
      ...json(z.object({ requests: z.array(SignedRequest) })),
    },
    ...failures(404, 409),
  },
});

const parts = createRoute({
  method: "get",
  path: "/uploads/{id}/parts",
  ...scope("upload"),
  summary: "The parts that have arrived",
  request: { params: UploadParam },
  responses: {
    200: { description: "Parts.", ...json(z.object({ parts: z.array(Part) })) },
    ...failures(404),
  },
});

// The whole body is optional, because most uploads end without one.
const Completion = z.object({
  crc64nvme: Crc64.optional().describe(
    "The checksum of the file. S3 compares it with the parts of a multipart upload. Send it too if a single PUT returned 412.",
  ),
});
const complete = createRoute({
  method: "post",
  path: "/uploads/{id}/complete",
  middleware: emptyBody,
  ...scope("upload"),
  summary: "Complete an upload after all bytes are sent; safe to repeat",
  request: { params: UploadParam, body: { required: false, ...json(Completion) } },
  responses: {
    202: { description: "The upload is `completing` until its object event arrives.", ...one },
    ...failures(404, 409),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/uploads/{id}",
  ...scope("upload"),
  summary: "Abort an upload",
  request: { params: UploadParam },
  responses: {
    204: { description: "The upload is aborted and its parts are deleted." },
    ...failures(404, 409),
  },
});
export function uploads(app: OpenAPIHono): void {
  app.openapi(create, async (c) => {
    const { "idempotency-key": idempotencyKey } = c.req.valid("header");
    const results = await Upload.create({ ...c.req.valid("json"), idempotencyKey });
    return c.json({ results }, 201);
  });
  app.openapi(list, async (c) => c.json(await Upload.list(c.req.valid("query")), 200));
  app.openapi(get, async (c) =>
    c.json({ upload: await Upload.fromId(c.req.valid("param").id) }, 200),
  );
  app.openapi(sign, async (c) => {
    const { id } = c.req.valid("param");
    return c.json({ requests: await Upload.sign({ id, ...c.req.valid("json") }) }, 200);
  });
  app.openapi(parts, async (c) =>
    c.json({ parts: await Upload.parts(c.req.valid("param").id) }, 200),
  );
  app.openapi(complete, async (c) => {
    const { crc64nvme } = c.req.valid("json");
    return c.json({ upload: await Upload.complete(c.req.valid("param").id, crc64nvme) }, 202);
  });
  app.openapi(remove, async (c) => {
    await Upload.remove(c.req.valid("param").id);
    return c.body(null, 204);
  });
}
