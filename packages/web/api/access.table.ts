/**
 * The only table of who may call which route. The test beside it calls every route of the app as every column, and
 * fails for a route without a line. docs/access.md shows the table.
 */
import type { Scope } from "@rushes/core/actor";

/** The caller. If the target belongs to a user, it belongs to the owner. */
const TITLES = {
  nobody: "nobody",
  other: "another member",
  owner: "the owner",
  admin: "an admin",
  upload: "token: upload",
  read: "token: read",
  manage: "token: manage",
  share: "token: share",
  keys: "an admin's token: keys",
  otherToken: "another's token",
  adminToken: "an admin's token",
} as const;
export type Column = keyof typeof TITLES;
// Object.keys loses the type of the keys.
export const COLUMNS = Object.keys(TITLES) as Column[];

/** These callers are all anonymous: the API ignores what they send. */
export const NOBODIES = [
  "nobody",
  "a visitor with a share's address as token",
  "a session older than it may be",
  "a session that was not used for days",
  "a session that was signed out",
  "a session of a user who was switched off",
  "a session's cookie with one character changed",
  "a token that was revoked",
  "a token that has expired",
  "a token of a user who was switched off",
  "a token with a flipped character",
] as const;
export type Nobody = (typeof NOBODIES)[number];

/** Succeeds, succeeds without touching the owner's data, or fails with this status and code. */
type Outcome = "yes" | `${401 | 403} actor.${string}` | `404 ${string}.not_found`;

export interface Line {
  /** The status for callers with access. */
  status: number;
  who: Record<Column, Outcome>;
  /** The security that the OpenAPI document lists. A token needs one of the scopes. */
  security: "nobody" | "person" | readonly Scope[];
}

const REQUIRED = "401 actor.required";
const NOT_SCOPE = "403 actor.scope";
const NOT_PERSON = "403 actor.person";
const NOT_ADMIN = "403 actor.admin";
type Noun = "upload" | "job" | "share" | "session" | "token";

/** The tokens with one scope. Those of other scopes are rejected. */
const tokens = (scopes: readonly Scope[]): Pick<Line["who"], Scope> => {
  const may = (scope: Scope) => (scopes.includes(scope) ? "yes" : NOT_SCOPE);
  return {
    upload: may("upload"),
    read: may("read"),
    manage: may("manage"),
    share: may("share"),
    keys: may("keys"),
  };
};
const noToken: Pick<Line["who"], Scope | "otherToken" | "adminToken"> = {
  upload: NOT_PERSON,
  read: NOT_PERSON,
  manage: NOT_PERSON,
  share: NOT_PERSON,
  keys: NOT_PERSON,
  otherToken: NOT_PERSON,
  adminToken: NOT_PERSON,
};
const everybody: Record<Column, Outcome> = {
  nobody: "yes",
  other: "yes",
  owner: "yes",
  admin: "yes",
  upload: "yes",
  read: "yes",
  manage: "yes",
  share: "yes",
  keys: "yes",
  otherToken: "yes",
  adminToken: "yes",
};
const open = (status: number): Line => ({ status, security: "nobody", who: everybody });

/** Every signed-in user, for their own data. Nothing of the owner's is read or changed. */
const signedIn = (scope: Scope | readonly Scope[], status: number): Line => ({
  status,
  security: [scope].flat(),
  who: { ...everybody, nobody: REQUIRED, ...tokens([scope].flat()) },
});

/** A resource of the owner's. It does not exist for other users. A signed-in admin can access it. */
const owners = (scope: Scope | readonly Scope[], noun: Noun, status: number): Line => {
  const line = signedIn(scope, status);
  const none: Outcome = `404 ${noun}.not_found`;
  return { ...line, who: { ...line.who, other: none, otherToken: none, adminToken: none } };
};

/** The same, but an admin cannot act for the owner either. */
const ownersAlone = (scope: Scope, noun: Noun, status: number): Line => {
  const line = owners(scope, noun, status);
  return { ...line, who: { ...line.who, admin: `404 ${noun}.not_found` } };
};

/** Another user's lists, with `?owner=`. */
const named = (scope: Scope): Line => {
  const line = signedIn(scope, 200);
  const notOther = { other: NOT_ADMIN, otherToken: NOT_ADMIN, adminToken: NOT_ADMIN } as const;
  return { ...line, who: { ...line.who, ...notOther } };
};

/** A signed-in user, for their own account. Tokens are rejected. */
const person = (status: number): Line => ({
  status,
  security: "person",
  who: { ...everybody, nobody: REQUIRED, ...noToken },
});

/** The signed-in owner, for one resource of the owner's. Tokens are rejected. */
const personally = (noun: Noun, status: number, admin: Outcome): Line => {
  const line = person(status);
  return { ...line, who: { ...line.who, other: `404 ${noun}.not_found`, admin } };
};

const admin = (status: number): Line => {
  const line = person(status);
  return { ...line, who: { ...line.who, other: NOT_ADMIN, owner: NOT_ADMIN } };
};

/** An admin, or a token of an admin with the scope `keys`. The other member was an admin when the token was created. */
const keys = (status: number): Line => {
  const { who } = admin(status);
  const tokensOfOthers = { otherToken: NOT_ADMIN, adminToken: "yes" } as const;
  return { status, security: ["keys"], who: { ...who, ...tokens(["keys"]), ...tokensOfOthers } };
};

/** Every route. A line with a query shows what the query changes. */
export const ACCESS: Record<string, Line> = {
  "GET /health": open(200),
  "GET /openapi.json": open(200),
  "POST /watch/{address}": open(200),
  "GET /watch/{address}/poster": open(302),
  "GET /oembed?url={site}/watch/{address}": open(200),
  "GET /auth/sign-in": open(302),
  "GET /auth/callback": open(303),
  "POST /auth/sign-out": open(200),

  "POST /uploads": signedIn("upload", 201),
  "GET /uploads": signedIn("upload", 200),
  "GET /uploads?owner={owner}": named("upload"),
  "GET /uploads/{id}": owners("upload", "upload", 200),
  "GET /uploads/{id}/parts": owners("upload", "upload", 200),
  "POST /uploads/{id}/sign": ownersAlone("upload", "upload", 200),
  "POST /uploads/{id}/complete": ownersAlone("upload", "upload", 202),
  "DELETE /uploads/{id}": owners("upload", "upload", 204),

  "GET /profiles": signedIn("upload", 200),

  "GET /jobs": signedIn("read", 200),
  "GET /jobs?owner={owner}": named("read"),
  "GET /jobs?changedSince={time}": signedIn("read", 200),
  "GET /jobs?changedSince={time}&owner={owner}": named("read"),
  "GET /jobs/counts": signedIn("read", 200),
  "GET /jobs/counts?owner={owner}": named("read"),
  "GET /jobs/{id}": owners("read", "job", 200),
  "GET /jobs/{id}/playback": owners("read", "job", 200),
  "PATCH /jobs/{id}": owners("manage", "job", 200),
  "POST /jobs/{id}/retry": owners("manage", "job", 202),
  "POST /jobs/{id}/cancel": owners("manage", "job", 202),
  "DELETE /jobs/{id}": owners("manage", "job", 204),
  // Each ID of another user is listed as not found in a response with status 200.
  "POST /jobs/delete": signedIn("manage", 200),

  "GET /jobs/{id}/captions": owners("read", "job", 200),
  "POST /jobs/{id}/captions?language=en": owners("manage", "job", 201),
  "PATCH /jobs/{id}/captions/{captions}": owners("manage", "job", 200),
  "DELETE /jobs/{id}/captions/{captions}": owners("manage", "job", 204),

  "PUT /jobs/{id}/poster": owners("manage", "job", 200),
  "DELETE /jobs/{id}/poster": owners("manage", "job", 200),

  "GET /jobs/{id}/shares": owners(["share", "manage"], "job", 200),
  "POST /jobs/{id}/shares": owners("share", "job", 201),
  "DELETE /shares/{id}": owners(["share", "manage"], "share", 204),

  "GET /account": signedIn("read", 200),
  "GET /account/sessions": person(200),
  "DELETE /account/sessions/{id}": personally("session", 204, "404 session.not_found"),
  "DELETE /account/mail-hold": person(204),
  "GET /tokens": person(200),
  "POST /tokens": person(201),
  "DELETE /tokens/{id}": personally("token", 204, "404 token.not_found"),

  "GET /keys": keys(200),
  "POST /keys": keys(201),
  "DELETE /keys/{id}": keys(204),

  "GET /admin/users": admin(200),
  "GET /admin/users/{id}": admin(200),
  "PATCH /admin/users/{id}": admin(200),
  "DELETE /admin/users/{id}/sessions": admin(204),
  "DELETE /admin/users/{id}/mail-hold": admin(204),
  "GET /admin/audit": admin(200),
  "GET /admin/deployments": admin(200),
  "GET /admin/dead-letters": admin(200),
  "POST /admin/dead-letters/redrive": admin(200),
};

/** The table as docs/access.md shows it. */
export function accessTable(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    row(["route", ...COLUMNS.map((one) => TITLES[one])]),
    row(["---", ...COLUMNS.map(() => "---")]),
    ...Object.entries(ACCESS).map(([route, { who }]) =>
      row([`\`${route}\``, ...COLUMNS.map((one) => who[one].replace(/^(\d+) .*$/, "$1"))]),
    ),
  ].join("\n");
}
