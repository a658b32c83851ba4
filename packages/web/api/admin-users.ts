import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Session from "@rushes/core/session/index";
import * as User from "@rushes/core/user/index";
import { inPerson } from "./needs.ts";
import { failures, json, UserSchema } from "./schemas.ts";

const UserParam = z.object({
  id: z
    .string()
    .max(100)
    .openapi({ param: { name: "id", in: "path" } }),
});

const Page = z.object({ users: z.array(UserSchema), cursor: z.string().optional() });
const list = createRoute({
  method: "get",
  path: "/admin/users",
  ...inPerson,
  summary: "A page of all users, by mail address; for admins",
  request: {
    query: z.object({
      cursor: z.string().max(2000).optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
  },
  responses: { 200: { description: "A page.", ...json(Page) }, ...failures() },
});

const one = createRoute({
  method: "get",
  path: "/admin/users/{id}",
  ...inPerson,
  summary: "One user; for admins",
  request: { params: UserParam },
  responses: {
    200: { description: "The user.", ...json(z.object({ user: UserSchema })) },
    ...failures(404),
  },
});

const Change = z.object({ disabled: z.boolean() });
const update = createRoute({
  method: "patch",
  path: "/admin/users/{id}",
  ...inPerson,
  summary: "Switch a user off, with all sessions and tokens, or on again; for admins",
  request: { params: UserParam, body: { required: true, ...json(Change) } },
  responses: {
    200: { description: "The user.", ...json(z.object({ user: UserSchema })) },
    ...failures(404, 409),
  },
});

const signOut = createRoute({
  method: "delete",
  path: "/admin/users/{id}/sessions",
  ...inPerson,
  summary: "Sign a user out everywhere; for admins",
  request: { params: UserParam },
  responses: { 204: { description: "No session is left." }, ...failures(404, 409) },
});

/** Adds the routes of users, for admins. */
export function adminUsers(app: OpenAPIHono): void {
  app.openapi(list, async (c) => c.json(await User.list(c.req.valid("query")), 200));
  app.openapi(one, async (c) => {
    return c.json({ user: await User.fromId(c.req.valid("param").id) }, 200);
  });
  app.openapi(update, async (c) => {
    const { id } = c.req.valid("param");
    return c.json({ user: await User.update({ id, ...c.req.valid("json") }) }, 200);
  });
  app.openapi(signOut, async (c) => {
    await Session.endAll(c.req.valid("param").id);
    return c.body(null, 204);
  });
}
