/**
 * What a route says in the document about who may ask. The core asserts it: these are words only, and
 * the tests of access hold the two together.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Scope } from "@rushes/core/actor";

type Security = Record<string, string[]>[];

/** Nobody in particular: no sign-in is asked for. */
export const nobody: { security: Security } = { security: [] };

/** Whoever is signed in; a token may not. */
export const inPerson: { security: Security } = { security: [{ session: [] }] };

/** Whoever is signed in, or a token of this scope. */
export const scope = (name: Scope): { security: Security } => ({
  security: [{ session: [] }, { token: [name] }],
});

/** Describes the ways in which a request can say who is asking. */
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
