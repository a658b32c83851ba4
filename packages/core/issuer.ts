/** Checks whether an OpenID provider names the issuer that a setting has. */
import * as z from "zod";

export type IssuerCheck =
  | { kind: "same" }
  /** The provider names another issuer, which the setting must have. */
  | { kind: "other"; named: string }
  /** A server responds, but it is not an OpenID provider. */
  | { kind: "none"; why: string }
  | { kind: "unreachable"; why: string };

const SUFFIX = "/.well-known/openid-configuration";
const Metadata = z.object({ issuer: z.url() });
const TIMEOUT_MS = 5000;
/** A provider's metadata takes about 5 kB. A response larger than this is something else. */
const MAX_BYTES = 1024 * 1024;

type Request = (address: string, init: { signal: AbortSignal }) => Promise<Response>;

/**
 * Reads the provider's metadata at the URL in the setting and compares the issuer. Detects the two usual mistakes: a
 * trailing slash and the URL of the metadata itself. Never rejects.
 */
export async function checkIssuer(
  issuer: string,
  { request = fetch }: { request?: Request } = {},
): Promise<IssuerCheck> {
  const at = `${issuer.replace(SUFFIX, "").replace(/\/+$/, "")}${SUFFIX}`;
  let text: string;
  try {
    const answer = await request(at, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await answer.text();
    if (!answer.ok) return { kind: "none", why: `${at} answers ${answer.status}` };
  } catch (error) {
    return { kind: "unreachable", why: `${at} does not answer (${causeOf(error)})` };
  }
  const named = text.length > MAX_BYTES ? undefined : issuerIn(text);
  if (named === undefined)
    return { kind: "none", why: `${at} is not an OpenID provider's metadata` };
  // Entra ID uses one name for all tenants. The client library supports that.
  const isSame = named.includes("{tenantid}") || new URL(named).href === new URL(issuer).href;
  return isSame ? { kind: "same" } : { kind: "other", named };
}

/** The message for a setting that names another issuer. */
export const otherIssuer = (issuer: string, named: string): string =>
  `RUSHES_OIDC_ISSUER is "${issuer}", but the provider there names itself "${named}"; set RUSHES_OIDC_ISSUER=${named}, exactly so.`;

function issuerIn(text: string): string | undefined {
  try {
    return Metadata.safeParse(JSON.parse(text)).data?.issuer;
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error instanceof Error ? error.name : "error";
}
