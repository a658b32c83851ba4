import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Job from "@rushes/core/job/index";
import * as Poster from "@rushes/core/poster/index";
import { scope } from "./needs.ts";
import { failures, JobParam, json } from "./schemas.ts";

const one = json(z.object({ job: Job.Listed.clone().openapi("Job") }));

const choose = createRoute({
  method: "put",
  path: "/jobs/{id}/poster",
  ...scope("manage"),
  summary: "Make a picture the poster of a video",
  description: "A JPEG of at most 1 MB, with 16 to 4096 pixels on each side.",
  request: {
    params: JobParam,
    body: {
      required: true,
      content: { "image/jpeg": { schema: z.string().openapi({ format: "binary" }) } },
    },
  },
  responses: { 200: { description: "The job.", ...one }, ...failures(404) },
});

const reset = createRoute({
  method: "delete",
  path: "/jobs/{id}/poster",
  ...scope("manage"),
  summary: "Return to the poster that was made with the renditions",
  request: { params: JobParam },
  responses: { 200: { description: "The job.", ...one }, ...failures(404) },
});

export function poster(app: OpenAPIHono): void {
  app.openapi(choose, async (c) => {
    const file = new Uint8Array(await c.req.arrayBuffer());
    return c.json({ job: await Poster.choose({ jobId: c.req.valid("param").id, file }) }, 200);
  });
  app.openapi(reset, async (c) =>
    c.json({ job: await Poster.reset(c.req.valid("param").id) }, 200),
  );
}
