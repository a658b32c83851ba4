/** The HTTP API: one Hono app, described by the same schemas that parse its requests. */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { withActor } from "@rushes/core/actor";
import { VisibleError } from "@rushes/core/error";
import { release, resource } from "@rushes/core/resource";
import { account } from "./account.ts";
import { actorOf } from "./actor.ts";
import { adminAudit } from "./admin-audit.ts";
import { adminDeadLetters } from "./admin-dead-letters.ts";
import { adminDeployments } from "./admin-deployments.ts";
import { adminUsers } from "./admin-users.ts";
import { auth } from "./auth.ts";
import { captions } from "./captions.ts";
import { client } from "./client.ts";
import { onError } from "./errors.ts";
import { limitBody, noStore, ownHost, ownOrigin, typed, wellFormed } from "./guard.ts";
import { jobs } from "./jobs.ts";
import { keys } from "./keys.ts";
import { createLimits } from "./limits.ts";
import { methodsOf } from "./methods.ts";
import { nobody, schemes } from "./needs.ts";
import { poster } from "./poster.ts";
import { preview } from "./preview.ts";
import { profiles } from "./profiles.ts";
import { json } from "./schemas.ts";
import { shares } from "./shares.ts";
import { tokens } from "./tokens.ts";
import { uploads } from "./uploads.ts";
import { watch } from "./watch.ts";

const Health = z.object({
  ok: z.literal(true),
  name: z.string(),
  stage: z.string(),
  version: z.string(),
  /** The git commit, or "unknown". */
  commit: z.string(),
  time: z.iso.datetime(),
});
const health = createRoute({
  method: "get",
  path: "/health",
  ...nobody,
  summary: "Health check, with the version",
  responses: { 200: { description: "The app is running.", ...json(Health) } },
});

/** A message that names the field. */
function sentence(issue: { path: PropertyKey[]; message: string } | undefined): string {
  if (!issue) return "The request does not match its schema.";
  const path = issue.path.map(String).join(".");
  return path ? `${path}: ${issue.message}` : issue.message;
}

/** The noun for an ID in a URL, by a part of its path. */
const NOUNS = [
  ["/captions/", "captions"],
  ["/api/uploads", "upload"],
  ["/api/account/sessions", "session"],
  ["/api/tokens", "token"],
  ["/api/keys", "key"],
  ["/api/shares", "share"],
  ["/api/watch", "share"],
  ["/api/admin/users", "user"],
] as const;

export const app = new OpenAPIHono({
  defaultHook: (result, c) => {
    if (result.success) return;
    // An impossible ID gets the same response as one that does not exist.
    if (result.target === "param") {
      const noun = NOUNS.find(([path]) => c.req.path.includes(path))?.[1] ?? "job";
      // Users know a job as a video.
      const name = noun === "job" ? "video" : noun === "key" ? "access key" : noun;
      const such = noun === "captions" ? "are no such" : "is no such";
      throw new VisibleError("not_found", `${noun}.not_found`, `There ${such} ${name}.`);
    }
    throw new VisibleError("input", "request.invalid", sentence(result.error.issues[0]));
  },
}).basePath("/api");

app.onError(onError);
const { perAddress, perActor } = createLimits();
app.use(noStore, client, ownHost, ownOrigin, typed, limitBody, wellFormed);
app.openapi(health, (c) => {
  const { name, stage } = resource().App;
  return c.json({ ok: true as const, name, stage, ...release() }, 200);
});
app.use("/watch/*", perAddress);
app.use("/oembed/*", perAddress);
app.use("/auth/*", perAddress);
watch(app);
preview(app);
auth(app);
app.use(async (c, next) => {
  const { actor, setCookie } = await actorOf(c.req.raw);
  if (setCookie !== undefined) c.header("set-cookie", setCookie);
  await (actor ? withActor(actor, next) : next());
});
app.use(perActor);
uploads(app);
profiles(app);
jobs(app);
captions(app);
poster(app);
shares(app);
account(app);
tokens(app);
keys(app);
adminUsers(app);
adminAudit(app);
adminDeadLetters(app);
adminDeployments(app);
schemes(app);
app.doc31("/openapi.json", () => ({
  openapi: "3.1.0",
  info: { title: "Rushes", version: release().version, license: { name: "MIT" } },
}));
app.notFound((c) => {
  const methods = methodsOf(app.routes, c.req.path);
  if (methods.length > 0 && !methods.includes(c.req.method)) {
    c.header("allow", methods.join(", "));
    const message = `This path supports ${methods.join(", ")}. See /api/openapi.json.`;
    throw new VisibleError("method", "route.method", message);
  }
  throw new VisibleError(
    "not_found",
    "route.not_found",
    "This route does not exist. See /api/openapi.json.",
  );
});
