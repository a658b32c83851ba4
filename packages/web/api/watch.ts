import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Share from "@rushes/core/share/index";
import { nobody } from "./needs.ts";
import { failures, json } from "./schemas.ts";

// No stricter format: an invalid address gets the same response as one that does not exist.
const AddressParam = z.object({
  address: z
    .string()
    .max(2000)
    .openapi({ param: { name: "address", in: "path" } }),
});
const Credentials = z.object({
  password: z.string().max(200).optional(),
  pass: z.string().max(100).optional(),
});

const open = createRoute({
  method: "post",
  path: "/watch/{address}",
  ...nobody,
  summary:
    "Open a share link: URLs that play one video and are valid for a minute; requires no sign-in",
  request: { params: AddressParam, body: { ...json(Credentials) } },
  responses: {
    200: { description: "The video.", ...json(Share.Opened.clone().openapi("Opened")) },
    ...failures(404),
  },
});

/** Adds the only route for visitors. It reads no cookie and no token. */
export function watch(app: OpenAPIHono): void {
  app.openapi(open, async (c) => {
    const { address } = c.req.valid("param");
    return c.json(await Share.open({ address, ...c.req.valid("json") }), 200);
  });
}
