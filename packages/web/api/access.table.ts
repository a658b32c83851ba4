/**
 * Who may ask for what: the one table of it. The test beside it walks every route of the app as every
 * column and fails for a route without a line; docs/access.md shows it to people.
 */
import type { Scope } from "@rushes/core/actor";

/** Whoever asks. What is asked for, where it is somebody's, is the owner's. */
const TITLES = {
  nobody: "nobody",
  other: "another member",
  owner: "the owner",
  admin: "an admin",
  upload: "token: upload",
  read: "token: read",
  manage: "token: manage",
  otherToken: "another's token",
  adminToken: "an admin's token",
} as const;
export type Column = keyof typeof TITLES;
// Object.keys forgets what keys those are.
export const COLUMNS = Object.keys(TITLES) as Column[];

/** All of these are nobody: whatever they bring is worth as much as nothing. */
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

/** Done as asked, done to nothing of the owner's, or refused with this status and code. */
type Outcome = "yes" | `${401 | 403} actor.${string}` | `404 ${string}.not_found`;

export interface Line {
  /** Of the answer to whoever may. */
  status: number;
  who: Record<Column, Outcome>;
  /** What the document says of it. */
  security: "nobody" | "person" | Scope;
}

const REQUIRED = "401 actor.required";
const NOT_SCOPE = "403 actor.scope";
const NOT_PERSON = "403 actor.person";
const NOT_ADMIN = "403 actor.admin";
type Noun = "upload" | "job" | "share" | "session" | "token";

/** The owner's tokens, of which those of other scopes are refused. */
const tokens = (scope: Scope): Pick<Line["who"], Scope> => ({
  ...{ upload: NOT_SCOPE, read: NOT_SCOPE, manage: NOT_SCOPE },
  [scope]: "yes",
});
const noToken: Pick<Line["who"], Scope | "otherToken" | "adminToken"> = {
  ...{ upload: NOT_PERSON, read: NOT_PERSON, manage: NOT_PERSON },
  ...{ otherToken: NOT_PERSON, adminToken: NOT_PERSON },
};
const everybody: Record<Column, Outcome> = {
  ...{ nobody: "yes", other: "yes", owner: "yes", admin: "yes" },
  ...{ upload: "yes", read: "yes", manage: "yes", otherToken: "yes", adminToken: "yes" },
};

/** Anybody at all. */
const open = (status: number): Line => ({ status, security: "nobody", who: everybody });

/** Everybody who signed in, for what is the own; nothing of the owner's is touched or told. */
const own = (scope: Scope, status: number): Line => ({
  ...{ status, security: scope },
  who: { ...everybody, nobody: REQUIRED, ...tokens(scope) },
});

/** Something of the owner's, which is not there for others; an admin who signed in reaches it. */
const theirs = (scope: Scope, noun: Noun, status: number): Line => ({
  ...{ status, security: scope },
  who: {
    ...own(scope, status).who,
    ...{ other: `404 ${noun}.not_found`, otherToken: `404 ${noun}.not_found` },
    adminToken: `404 ${noun}.not_found`,
  },
});

/** The same, where not even an admin acts for somebody else. */
const theirsAlone = (scope: Scope, noun: Noun, status: number): Line => {
  const line = theirs(scope, noun, status);
  return { ...line, who: { ...line.who, admin: `404 ${noun}.not_found` } };
};

/** Another's lists by `?owner=`. */
const named = (scope: Scope): Line => {
  const line = own(scope, 200);
  const notOther = { other: NOT_ADMIN, otherToken: NOT_ADMIN, adminToken: NOT_ADMIN } as const;
  return { ...line, who: { ...line.who, ...notOther } };
};

/** Whoever is there in person, for the own account. */
const person = (status: number): Line => ({
  ...{ status, security: "person" },
  who: { ...everybody, nobody: REQUIRED, ...noToken },
});

/** The owner in person, for one thing of the owner's. */
const personally = (noun: Noun, status: number, admin: Outcome): Line => {
  const line = person(status);
  return { ...line, who: { ...line.who, other: `404 ${noun}.not_found`, admin } };
};

const admin = (status: number): Line => {
  const line = person(status);
  return { ...line, who: { ...line.who, other: NOT_ADMIN, owner: NOT_ADMIN } };
};

/** Every route. A line with a query tells what that query changes. */
export const ACCESS: Record<string, Line> = {
  "GET /health": open(200),
  "GET /openapi.json": open(200),
  "POST /watch/{address}": open(200),
  "GET /auth/sign-in": open(302),
  "GET /auth/callback": open(303),
  "POST /auth/sign-out": open(200),

  "POST /uploads": own("upload", 201),
  "GET /uploads": own("upload", 200),
  "GET /uploads?owner={owner}": named("upload"),
  "GET /uploads/{id}": theirs("upload", "upload", 200),
  "GET /uploads/{id}/parts": theirs("upload", "upload", 200),
  "POST /uploads/{id}/sign": theirsAlone("upload", "upload", 200),
  "POST /uploads/{id}/complete": theirsAlone("upload", "upload", 202),
  "DELETE /uploads/{id}": theirs("upload", "upload", 204),

  "GET /jobs": own("read", 200),
  "GET /jobs?owner={owner}": named("read"),
  "GET /jobs?changedSince={time}": own("read", 200),
  "GET /jobs?changedSince={time}&owner={owner}": named("read"),
  "GET /jobs/{id}": theirs("read", "job", 200),
  "GET /jobs/{id}/playback": theirs("read", "job", 200),
  "PATCH /jobs/{id}": theirs("manage", "job", 200),
  "POST /jobs/{id}/retry": theirs("manage", "job", 202),
  "POST /jobs/{id}/cancel": theirs("manage", "job", 202),
  "DELETE /jobs/{id}": theirs("manage", "job", 204),
  // Of many, each that is somebody else's is named as not found in an answer of 200.
  "POST /jobs/delete": own("manage", 200),

  "GET /jobs/{id}/shares": theirs("manage", "job", 200),
  "POST /jobs/{id}/shares": personally("job", 201, "yes"),
  "DELETE /shares/{id}": theirs("manage", "share", 204),

  "GET /account": own("read", 200),
  "GET /account/sessions": person(200),
  "DELETE /account/sessions/{id}": personally("session", 204, "404 session.not_found"),
  "DELETE /account/mail-hold": person(204),
  "GET /tokens": person(200),
  "POST /tokens": person(201),
  "DELETE /tokens/{id}": personally("token", 204, "404 token.not_found"),

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
