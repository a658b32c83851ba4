/** Checks of public mode that concern more than one setting. */
import { LOOPBACK, PUBLIC_SETTINGS } from "./public-table.ts";
import type { Setting, ValuesOf } from "./setting.ts";

type Values = ValuesOf<typeof PUBLIC_SETTINGS>;

/** The settings of an identity provider that is configured completely. */
type Provider = { [Key in keyof Values["provider"]]: NonNullable<Values["provider"][Key]> };

export interface PublicSettings
  extends Pick<Values, "trustedProxies" | "adminGroup" | "adminEmails"> {
  /** Origin of the dashboard, without a slash at its end. */
  url: string;
  /** Address to bind to. */
  host: string;
  secret: string;
  /** Undefined for the built-in identity provider. */
  provider?: Provider;
}

/** Collects what is wrong with the settings. */
export interface Mistakes {
  messages: string[];
  /** Variables whose value is invalid, and which have a message already. */
  invalid: Set<string>;
}

/** The settings of public mode. Undefined for a stack that only this machine can reach, or after a mistake. */
export function publicSettings(values: Values, mistakes: Mistakes): PublicSettings | undefined {
  const { host } = values;
  if (!values.enabled) {
    if (host !== undefined && !LOOPBACK.test(host)) {
      mistakes.messages.push(
        `RUSHES_HOST is "${host}", which other machines can reach. Start with npm start -- --public, so that everyone must sign in, or unset it.`,
      );
    }
    return undefined;
  }
  const required = (value: string | undefined, { variable }: Setting, advice: string) => {
    if (value === undefined && !mistakes.invalid.has(variable)) {
      mistakes.messages.push(`${variable} is not set. ${advice}`);
    }
    return value;
  };
  const url = required(
    values.url,
    PUBLIC_SETTINGS.url,
    "Public mode needs the URL that users open, such as https://video.example.com.",
  );
  const secret = required(
    values.secret,
    PUBLIC_SETTINGS.secret,
    'Public mode needs a secret. Create one with "openssl rand -base64 48".',
  );
  const provider = providerOf(values.provider, mistakes);
  if (url === undefined || secret === undefined) return undefined;
  const { trustedProxies, adminGroup, adminEmails } = values;
  return {
    url,
    host: host ?? "0.0.0.0",
    secret,
    trustedProxies,
    adminGroup,
    adminEmails,
    provider,
  };
}

function providerOf(
  { issuer, clientId, clientSecret, groupsClaim, trustEmail }: Values["provider"],
  { messages }: Mistakes,
): Provider | undefined {
  if (issuer === undefined) {
    if (clientId !== undefined || clientSecret !== undefined) {
      messages.push(
        "RUSHES_OIDC_CLIENT_ID or RUSHES_OIDC_CLIENT_SECRET is set without RUSHES_OIDC_ISSUER. Set the issuer too, or unset them to use the built-in identity provider.",
      );
    }
    return undefined;
  }
  if (clientId === undefined || clientSecret === undefined) {
    const missing = clientId === undefined ? "RUSHES_OIDC_CLIENT_ID" : "RUSHES_OIDC_CLIENT_SECRET";
    messages.push(
      `RUSHES_OIDC_ISSUER is set without ${missing}. The provider gives you both when you register Rushes as a client.`,
    );
    return undefined;
  }
  return { issuer, clientId, clientSecret, groupsClaim, trustEmail };
}
