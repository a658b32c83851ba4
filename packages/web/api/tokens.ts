import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { TokenId } from "@rushes/core/id";
import * as Token from "@rushes/core/token/index";
import { inPerson } from "./needs.ts";
import { failures, json } from "./schemas.ts";

const Info = Token.Info.clone().openapi("Token");
const TokenParam = z.object({
  id: TokenId.clone().openapi({ param: { name: "id", in: "path" }, type: "string" }),
});

const list = createRoute({
  method: "get",
  path: "/tokens",
  ...inPerson,
  summary: "Your active API tokens, newest first; requires a session",
  responses: {
    200: { description: "Tokens.", ...json(z.object({ tokens: z.array(Info) })) },
    ...failures(),
  },
});

const Created = z.object({
  token: Info,
  secret: z.string().openapi({ description: "The bearer token. It is returned only once." }),
});
const create = createRoute({
  method: "post",
  path: "/tokens",
  ...inPerson,
  summary: "Create an API token; requires a session",
  request: { body: { required: true, ...json(Token.New.clone()) } },
  responses: {
    201: {
      description: "The token, and its secret, which is returned only once.",
      ...json(Created),
    },
    ...failures(409),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/tokens/{id}",
  ...inPerson,
  summary: "Revoke one of your API tokens; requires a session",
  request: { params: TokenParam },
  responses: { 204: { description: "It no longer works." }, ...failures(404) },
});
export function tokens(app: OpenAPIHono): void {
  app.openapi(list, async (c) => c.json({ tokens: await Token.list() }, 200));
  app.openapi(create, async (c) => c.json(await Token.create(c.req.valid("json")), 201));
  app.openapi(remove, async (c) => {
    await Token.remove(c.req.valid("param").id);
    return c.body(null, 204);
  });
}
