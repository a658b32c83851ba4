/** Settings of a home that others reach, and what must be there before it may be one. */
import { isIP } from "node:net";
import * as z from "zod";
import { listOf, setting, text, yesNo } from "./setting.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** `https://host[:port]` alone; http where only this machine can hear it. */
const origin = z
  .string()
  .transform((value) => value.replace(/\/+$/, ""))
  .refine((value) => URL.canParse(value) && new URL(value).origin === value)
  .refine((value) => isSafe(new URL(value)));

const isSafe = (url: URL) =>
  url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));

/** A secret that was typed in haste is not one. */
const secret = z
  .string()
  .min(32)
  .refine((value) => new Set(value).size >= 8);

const range = z.string().refine((value) => {
  const [address = "", bits, ...more] = value.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
});

export const PUBLIC_SETTINGS = {
  RUSHES_PUBLIC: setting({
    usual: "`no`",
    meaning: "`yes`, or `npm start -- --public`, lets others in, who then must sign in.",
    wanted: "yes or no",
    schema: yesNo,
    fallback: false,
  }),
  RUSHES_PUBLIC_URL: setting<string | undefined>({
    usual: "none; needed to be public",
    meaning: "Where others reach the dashboard, as they type it.",
    wanted:
      "an https address without a path such as https://video.example.com; http is for this machine alone",
    schema: origin,
    fallback: undefined,
  }),
  RUSHES_HOST: setting<string | undefined>({
    usual: "`0.0.0.0` (every address) when public",
    meaning: "Address to listen on when public.",
    wanted: "an IP address of this machine",
    schema: z.union([z.ipv4(), z.ipv6()]),
    fallback: undefined,
  }),
  RUSHES_SECRET: setting<string | undefined>({
    usual: "none; needed to be public",
    meaning:
      "What sessions and shares are sealed with. Whoever has it can be anybody: keep it to yourself.",
    wanted: 'at least 32 random characters, for instance what "openssl rand -base64 48" prints',
    schema: secret,
    fallback: undefined,
    secret: true,
  }),
  RUSHES_TRUSTED_PROXIES: setting({
    usual: "`127.0.0.1, ::1`",
    meaning: "Who may say, by X-Forwarded-For, where a request came from: the proxy that ends TLS.",
    wanted: "addresses or ranges between commas, such as 127.0.0.1, 10.0.0.0/8",
    schema: listOf(range),
    fallback: ["127.0.0.1", "::1"],
  }),
  RUSHES_OIDC_ISSUER: setting<string | undefined>({
    usual: "none: the provider that Rushes brings, with the users of `npm run user`",
    meaning: "The OpenID provider to sign in with, by its issuer.",
    wanted: "an https address such as https://accounts.google.com; http is for this machine alone",
    schema: z.url().refine((value) => isSafe(new URL(value))),
    fallback: undefined,
  }),
  RUSHES_OIDC_CLIENT_ID: setting<string | undefined>({
    usual: "none; needed with an issuer",
    meaning: "The client that the provider knows Rushes by.",
    wanted: "the client id that the provider gave you",
    schema: text,
    fallback: undefined,
  }),
  RUSHES_OIDC_CLIENT_SECRET: setting<string | undefined>({
    usual: "none; needed with an issuer",
    meaning: "That client's secret.",
    wanted: "the client secret that the provider gave you",
    schema: text,
    fallback: undefined,
    secret: true,
  }),
  RUSHES_OIDC_GROUPS_CLAIM: setting({
    usual: "`groups`",
    meaning: "The claim in which the provider lists a user's groups.",
    wanted: "the name of a claim such as groups or cognito:groups",
    schema: text,
    fallback: "groups",
  }),
  RUSHES_OIDC_TRUST_EMAIL: setting({
    usual: "`no`",
    meaning: "`yes` for a provider that verifies addresses but does not say so (`email_verified`).",
    wanted: "yes or no",
    schema: yesNo,
    fallback: false,
  }),
  RUSHES_ADMIN_GROUP: setting({
    usual: "`admin`",
    meaning: "Who is in this group of the provider's is an admin.",
    wanted: "the name of a group",
    schema: text,
    fallback: "admin",
  }),
  RUSHES_ADMINS: setting<string[]>({
    usual: "nobody",
    meaning: "Verified addresses whose users are admins, whatever their groups.",
    wanted: "addresses between commas, such as ann@example.com, bob@example.com",
    schema: listOf(z.email()),
    fallback: [],
  }),
};

export interface PublicSettings {
  /** Origin of the dashboard, without a slash at its end. */
  url: string;
  /** Address to listen on. */
  host: string;
  secret: string;
  trustedProxies: string[];
  adminGroup: string;
  adminEmails: string[];
  /** The provider to sign in with; undefined for the one that Rushes brings. */
  provider?: {
    issuer: string;
    clientId: string;
    clientSecret: string;
    groupsClaim: string;
    trustEmail: boolean;
  };
}

type Values = {
  [Name in keyof typeof PUBLIC_SETTINGS]: (typeof PUBLIC_SETTINGS)[Name]["fallback"];
};

/**
 * What of it makes a public home; undefined for one that only this machine reaches.
 * Adds a sentence to `mistakes` for whatever is missing.
 */
export function publicSettings(values: Values, mistakes: string[]): PublicSettings | undefined {
  if (!values.RUSHES_PUBLIC) {
    if (values.RUSHES_HOST !== undefined && !LOOPBACK.test(values.RUSHES_HOST)) {
      mistakes.push(
        `RUSHES_HOST is "${values.RUSHES_HOST}", which others reach; start with npm start -- --public, so that they must sign in, or unset it.`,
      );
    }
    return undefined;
  }
  const needed = <T>(value: T | undefined, name: string, advice: string): T | undefined => {
    // One that is set but no good has been told of already.
    const told = mistakes.some((mistake) => mistake.startsWith(`${name} is `));
    if (value === undefined && !told) mistakes.push(`${name} is not set; ${advice}`);
    return value;
  };
  const url = needed(
    values.RUSHES_PUBLIC_URL,
    "RUSHES_PUBLIC_URL",
    "a public Rushes must know its address, such as https://video.example.com.",
  );
  const key = needed(
    values.RUSHES_SECRET,
    "RUSHES_SECRET",
    'a public Rushes needs one; make it with "openssl rand -base64 48".',
  );
  const provider = providerOf(values, mistakes);
  if (url === undefined || key === undefined) return undefined;
  return {
    url,
    host: values.RUSHES_HOST ?? "0.0.0.0",
    secret: key,
    trustedProxies: values.RUSHES_TRUSTED_PROXIES,
    adminGroup: values.RUSHES_ADMIN_GROUP,
    adminEmails: values.RUSHES_ADMINS,
    ...(provider && { provider }),
  };
}

function providerOf(values: Values, mistakes: string[]): PublicSettings["provider"] {
  const { RUSHES_OIDC_ISSUER: issuer } = values;
  const { RUSHES_OIDC_CLIENT_ID: clientId, RUSHES_OIDC_CLIENT_SECRET: clientSecret } = values;
  if (issuer === undefined) {
    if (clientId !== undefined || clientSecret !== undefined) {
      mistakes.push(
        "RUSHES_OIDC_CLIENT_ID or RUSHES_OIDC_CLIENT_SECRET is set without RUSHES_OIDC_ISSUER; name the provider too, or unset them to use the one that Rushes brings.",
      );
    }
    return undefined;
  }
  if (clientId === undefined || clientSecret === undefined) {
    mistakes.push(
      `RUSHES_OIDC_ISSUER is set without ${clientId === undefined ? "RUSHES_OIDC_CLIENT_ID" : "RUSHES_OIDC_CLIENT_SECRET"}; the provider gives you both when you add Rushes to it.`,
    );
    return undefined;
  }
  return {
    issuer,
    clientId,
    clientSecret,
    groupsClaim: values.RUSHES_OIDC_GROUPS_CLAIM,
    trustEmail: values.RUSHES_OIDC_TRUST_EMAIL,
  };
}
