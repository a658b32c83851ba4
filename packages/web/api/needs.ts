/**
 * The access requirements in the OpenAPI document. The core enforces them. These are only descriptions, and the access
 * tests compare the two.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Scope } from "@rushes/core/actor";

type Security = Record<string, string[]>[];

/** No sign-in required. */
export const nobody: { security: Security } = { security: [] };

/** A signed-in user. Tokens are rejected. */
export const inPerson: { security: Security } = { security: [{ session: [] }] };

/** A signed-in user, or a token with one of these scopes. */
export const scope = (...names: [Scope, ...Scope[]]): { security: Security } => ({
  security: [{ session: [] }, ...names.map((name) => ({ token: [name] }))],
});

/** Describes how a request can authenticate. */
export function schemes(app: OpenAPIHono): void {
  const { openAPIRegistry: registry } = app;
  registry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "rsh_ and 38 letters and digits",
    description: "An API token, created on the settings page or with `npm run token`.",
  });
  registry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "__Host-rushes",
    description:
      "The cookie of a signed-in browser; `rushes` if the app is served over plain http on loopback. " +
      "Changes must come from a page of the site. Without sign-in, everyone who can reach the app is " +
      "its one user and needs no credentials.",
  });
}
