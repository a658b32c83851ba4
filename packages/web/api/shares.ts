import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ShareId } from "@rushes/core/id";
import * as Share from "@rushes/core/share/index";
import { scope } from "./needs.ts";
import { failures, JobParam, json } from "./schemas.ts";

const Info = Share.Info.clone().openapi("Share");
const ShareParam = z.object({
  id: ShareId.clone().openapi({ param: { name: "id", in: "path" }, type: "string" }),
});

const list = createRoute({
  method: "get",
  path: "/jobs/{id}/shares",
  ...scope("share", "manage"),
  summary: "The active share links of a video, newest first",
  request: { params: JobParam },
  responses: {
    200: { description: "Shares.", ...json(z.object({ shares: z.array(Info) })) },
    ...failures(404),
  },
});

const create = createRoute({
  method: "post",
  path: "/jobs/{id}/shares",
  ...scope("share"),
  summary: "Create a share link, which plays a video without sign-in",
  request: { params: JobParam, body: { required: true, ...json(Share.New.clone()) } },
  responses: {
    201: { description: "The share.", ...json(z.object({ share: Info })) },
    ...failures(404, 409),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/shares/{id}",
  ...scope("share", "manage"),
  summary: "Revoke a share link; its playback URLs expire within a minute",
  request: { params: ShareParam },
  responses: { 204: { description: "It no longer works." }, ...failures(404) },
});
export function shares(app: OpenAPIHono): void {
  app.openapi(list, async (c) =>
    c.json({ shares: await Share.list(c.req.valid("param").id) }, 200),
  );
  app.openapi(create, async (c) => {
    const share = await Share.create({ ...c.req.valid("json"), jobId: c.req.valid("param").id });
    return c.json({ share }, 201);
  });
  app.openapi(remove, async (c) => {
    await Share.remove(c.req.valid("param").id);
    return c.body(null, 204);
  });
}
