import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { resource } from "@rushes/core/resource";
import * as Session from "@rushes/core/session/index";
import * as Usage from "@rushes/core/usage/index";
import * as User from "@rushes/core/user/index";
import { clearSession } from "./cookies.ts";
import { inPerson, scope } from "./needs.ts";
import { failures, json, SuppressionSchema, UserSchema } from "./schemas.ts";

const Account = z.object({
  user: UserSchema,
  usage: Usage.Info.clone().openapi("Usage"),
  /** Why the account's address gets no mail; absent if it does. */
  mailHeld: SuppressionSchema.optional(),
  /** Whether the user can sign out. */
  signIn: z.boolean(),
});
const get = createRoute({
  method: "get",
  path: "/account",
  ...scope("read"),
  summary: "Your account and usage",
  responses: { 200: { description: "The account.", ...json(Account) }, ...failures() },
});

const free = createRoute({
  method: "delete",
  path: "/account/mail-hold",
  ...inPerson,
  summary: "Resume email to your address after a bounce or a spam complaint",
  responses: { 204: { description: "Email is resumed." }, ...failures() },
});

const Sessions = z.object({ sessions: z.array(Session.Info.clone().openapi("Session")) });
const list = createRoute({
  method: "get",
  path: "/account/sessions",
  ...inPerson,
  summary: "Your sessions, newest first",
  responses: { 200: { description: "Sessions.", ...json(Sessions) }, ...failures() },
});

const SessionParam = z.object({
  id: z
    .string()
    .regex(/^[\w-]{43}$/)
    .openapi({ param: { name: "id", in: "path" } }),
});
const remove = createRoute({
  method: "delete",
  path: "/account/sessions/{id}",
  ...inPerson,
  summary: "End one of your sessions",
  request: { params: SessionParam },
  responses: { 204: { description: "The session is ended." }, ...failures(404) },
});
export function account(app: OpenAPIHono): void {
  app.openapi(get, async (c) => {
    const [user, usage, mailHeld] = await Promise.all([
      User.me(),
      Usage.info(),
      User.mailSuppression(),
    ]);
    return c.json(
      { user, usage, ...(mailHeld && { mailHeld }), signIn: resource().SignIn.required },
      200,
    );
  });
  app.openapi(free, async (c) => {
    await User.unsuppressMail();
    return c.body(null, 204);
  });
  app.openapi(list, async (c) => c.json({ sessions: await Session.list() }, 200));
  app.openapi(remove, async (c) => {
    const { id } = c.req.valid("param");
    if ((await Session.endById(id)).current) c.header("set-cookie", clearSession());
    return c.body(null, 204);
  });
}
