import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import * as Session from "@rushes/core/session/index";
import * as User from "@rushes/core/user/index";
import { inPerson } from "./needs.ts";
import { failures, json, SuppressionSchema, UserSchema } from "./schemas.ts";

const UserParam = z.object({
  id: z
    .string()
    .max(100)
    .openapi({ param: { name: "id", in: "path" } }),
});

const Listed = UserSchema.extend({ mailHeld: SuppressionSchema.optional() }).openapi("ListedUser");
const Page = z.object({ users: z.array(Listed), cursor: z.string().optional() });
const list = createRoute({
  method: "get",
  path: "/admin/users",
  ...inPerson,
  summary: "A page of all users, by email address; admins only",
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
  summary: "One user; admins only",
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
  summary: "Disable a user, with all sessions and tokens, or enable a user; admins only",
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
  summary: "End all sessions of a user; admins only",
  request: { params: UserParam },
  responses: { 204: { description: "All sessions are ended." }, ...failures(404, 409) },
});

const free = createRoute({
  method: "delete",
  path: "/admin/users/{id}/mail-hold",
  ...inPerson,
  summary: "Resume email to a user after a bounce or a spam complaint; admins only",
  request: { params: UserParam },
  responses: { 204: { description: "Email is resumed." }, ...failures(404) },
});
export function adminUsers(app: OpenAPIHono): void {
  app.openapi(list, async (c) => {
    const { users, ...page } = await User.list(c.req.valid("query"));
    const suppressed = await User.mailSuppressions(users.map(({ email }) => email));
    const listed = users.map((user, at) => ({
      ...user,
      ...(suppressed[at] && { mailHeld: suppressed[at] }),
    }));
    return c.json({ ...page, users: listed }, 200);
  });
  app.openapi(free, async (c) => {
    await User.unsuppressMailOf(c.req.valid("param").id);
    return c.body(null, 204);
  });
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
