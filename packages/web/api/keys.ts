import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as AccessKey from "@rushes/core/access-key/index";
import { scope } from "./needs.ts";
import { failures, json } from "./schemas.ts";

const Info = AccessKey.Info.clone().openapi("AccessKey");
const KeyParam = z.object({
  id: AccessKey.AccessKeyId.clone().openapi({ param: { name: "id", in: "path" }, type: "string" }),
});
const Created = AccessKey.Created.extend({
  key: Info,
  secret: z.string().openapi({ description: "The secret access key. It is returned only once." }),
});

const list = createRoute({
  method: "get",
  path: "/keys",
  ...scope("keys"),
  summary: "All access keys for S3 tools, newest first; admins only, and not on AWS",
  responses: {
    200: { description: "Access keys.", ...json(z.object({ keys: z.array(Info) })) },
    ...failures(409),
  },
});

const create = createRoute({
  method: "post",
  path: "/keys",
  ...scope("keys"),
  summary:
    "Create an access key that puts footage into the uploads bucket; admins only, and not on AWS",
  request: { body: { required: true, ...json(AccessKey.New.clone()) } },
  responses: {
    201: {
      description: "The key, its secret, which is returned only once, and where tools reach S3.",
      ...json(Created),
    },
    ...failures(404, 409),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/keys/{id}",
  ...scope("keys"),
  summary: "Revoke an access key; S3 rejects it within seconds; admins only, and not on AWS",
  request: { params: KeyParam },
  responses: { 204: { description: "It no longer works." }, ...failures(404, 409) },
});

export function keys(app: OpenAPIHono): void {
  app.openapi(list, async (c) => c.json({ keys: await AccessKey.list() }, 200));
  app.openapi(create, async (c) => c.json(await AccessKey.create(c.req.valid("json")), 201));
  app.openapi(remove, async (c) => {
    await AccessKey.remove(c.req.valid("param").id);
    return c.body(null, 204);
  });
}
