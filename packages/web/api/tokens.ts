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
  summary: "Your API tokens that have not ended, newest first; in person only",
  responses: {
    200: { description: "Tokens.", ...json(z.object({ tokens: z.array(Info) })) },
    ...failures(),
  },
});

const Created = z.object({
  token: Info,
  secret: z.string().openapi({ description: "What to send as Bearer; shown this once." }),
});
const create = createRoute({
  method: "post",
  path: "/tokens",
  ...inPerson,
  summary: "Make an API token; in person only",
  request: { body: { required: true, ...json(Token.New.clone()) } },
  responses: {
    201: { description: "The token, and its secret this once.", ...json(Created) },
    ...failures(409),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/tokens/{id}",
  ...inPerson,
  summary: "Revoke one of your API tokens, at once; in person only",
  request: { params: TokenParam },
  responses: { 204: { description: "It opens nothing any more." }, ...failures(404) },
});

/** Adds the routes of API tokens. */
export function tokens(app: OpenAPIHono): void {
  app.openapi(list, async (c) => c.json({ tokens: await Token.list() }, 200));
  app.openapi(create, async (c) => c.json(await Token.create(c.req.valid("json")), 201));
  app.openapi(remove, async (c) => {
    await Token.remove(c.req.valid("param").id);
    return c.body(null, 204);
  });
}
