import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Captions from "@rushes/core/captions/index";
import { CaptionsId } from "@rushes/core/id";
import { scope } from "./needs.ts";
import { failures, JobParam, json } from "./schemas.ts";

const Listed = Captions.Listed.clone().openapi("Captions");
const one = json(z.object({ captions: Listed }));
const CaptionsParam = JobParam.extend({
  captions: CaptionsId.clone().openapi({ param: { name: "captions", in: "path" }, type: "string" }),
});

const list = createRoute({
  method: "get",
  path: "/jobs/{id}/captions",
  ...scope("read"),
  summary: "The captions that were added to a video, oldest first",
  request: { params: JobParam },
  responses: {
    200: { description: "Captions.", ...json(z.object({ captions: z.array(Listed) })) },
    ...failures(404),
  },
});

const file = z.string().openapi({ format: "binary" });
const add = createRoute({
  method: "post",
  path: "/jobs/{id}/captions",
  ...scope("manage"),
  summary: "Add a WebVTT or SubRip (SRT) file to a video as captions",
  description: "At most 1 MB, in UTF-8, UTF-16 with a byte order mark, or Latin-1.",
  request: {
    params: JobParam,
    query: Captions.New.clone(),
    body: {
      required: true,
      content: { "text/vtt": { schema: file }, "application/x-subrip": { schema: file } },
    },
  },
  responses: { 201: { description: "The captions.", ...one }, ...failures(404, 409) },
});

const update = createRoute({
  method: "patch",
  path: "/jobs/{id}/captions/{captions}",
  ...scope("manage"),
  summary: "Change the name or the language of captions",
  request: { params: CaptionsParam, body: { required: true, ...json(Captions.Changes.clone()) } },
  responses: { 200: { description: "The captions.", ...one }, ...failures(404) },
});

const remove = createRoute({
  method: "delete",
  path: "/jobs/{id}/captions/{captions}",
  ...scope("manage"),
  summary: "Remove captions from a video",
  request: { params: CaptionsParam },
  responses: { 204: { description: "They are removed." }, ...failures(404) },
});

export function captions(app: OpenAPIHono): void {
  app.openapi(list, async (c) =>
    c.json({ captions: await Captions.list(c.req.valid("param").id) }, 200),
  );
  app.openapi(add, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const jobId = c.req.valid("param").id;
    return c.json(
      { captions: await Captions.add({ jobId, file: bytes, ...c.req.valid("query") }) },
      201,
    );
  });
  app.openapi(update, async (c) => {
    const { id: jobId, captions: id } = c.req.valid("param");
    return c.json({ captions: await Captions.update({ jobId, id, ...c.req.valid("json") }) }, 200);
  });
  app.openapi(remove, async (c) => {
    const { id: jobId, captions: id } = c.req.valid("param");
    await Captions.remove({ jobId, id });
    return c.body(null, 204);
  });
}
