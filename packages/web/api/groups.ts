/** A user's groups, in the formats that providers send. */

/** The content of a claim: the names of groups, or a description of an unknown format. */
export type Groups = { names: string[] } | { shape: string };

/**
 * Reads the groups from the claims of a sign-in.
 *
 * `claim` is the full name of a claim (`groups`, `cognito:groups`, `https://example.com/groups`), or a path into
 * objects if no claim has that name (`realm_access.roles`, Keycloak).
 *
 * Supported formats: a list of names (most providers), of numbers, or of objects with a name (SCIM, Casdoor); one
 * string (ADFS and others, for a user with one group); a list written as a string (`["a","b"]`, and `[a, b]`, Cognito's
 * format of a SAML attribute); an object with the lists `groups` or `roles` (Keycloak's `realm_access`); and an object
 * of objects, whose keys are the groups (Zitadel). A string is never split at spaces or commas: names can contain both,
 * and part of a name must not make a user an admin.
 */
export function groupsOf(claims: Readonly<Record<string, unknown>>, claim: string): Groups {
  return read(claimOf(claims, claim));
}

/** The claim's value; undefined if it is absent. */
export function claimOf(claims: Readonly<Record<string, unknown>>, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim];
  return claim
    .split(".")
    .reduce<unknown>(
      (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      claims,
    );
}

/** Whether the provider omitted the groups because there are too many (Entra ID, over 200). */
export function isOverage(claims: Readonly<Record<string, unknown>>, claim: string): boolean {
  if (claimOf(claims, claim) !== undefined) return false;
  const sources = claims._claim_names;
  return claims.hasgroups !== undefined || (isObject(sources) && Object.hasOwn(sources, claim));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function read(value: unknown): Groups {
  if (value === undefined || value === null || value === "") return { names: [] };
  if (typeof value === "string") return { names: inText(value) };
  if (Array.isArray(value)) return inList(value);
  if (!isObject(value)) return { shape: `a ${typeof value}` };
  const inner = value.groups ?? value.roles;
  if (inner !== undefined) return read(inner);
  const fields = Object.values(value);
  if (fields.every(isObject)) return { names: Object.keys(value) };
  return { shape: `an object with the fields ${Object.keys(value).slice(0, 5).join(", ")}` };
}

function inText(text: string): string[] {
  const list = /^\[(.*)\]$/s.exec(text.trim())?.[1];
  if (list === undefined) return [text];
  const parsed = inList(asJson(text));
  if ("names" in parsed) return parsed.names;
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function inList(value: unknown): Groups {
  if (!Array.isArray(value)) return { shape: "not a list" };
  const names: string[] = [];
  for (const item of value) {
    const name = nameOf(item);
    if (name === undefined) return { shape: `a list with ${describe(item)} in it` };
    names.push(name);
  }
  return { names };
}

const NAMES = ["name", "displayName", "display", "value", "id"];

function nameOf(item: unknown): string | undefined {
  if (typeof item === "string") return item;
  if (typeof item === "number") return String(item);
  if (!isObject(item)) return undefined;
  const name = NAMES.map((field) => item[field]).find((field) => typeof field === "string");
  return typeof name === "string" ? name : undefined;
}

function describe(item: unknown): string {
  if (item === null) return "null";
  if (Array.isArray(item)) return "a list";
  if (!isObject(item)) return `a ${typeof item}`;
  return `an object with the fields ${Object.keys(item).slice(0, 5).join(", ")}`;
}
