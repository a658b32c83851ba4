/** The settings of public mode and of the identity provider. */
import { isIP } from "node:net";
import * as z from "zod";
import { listOf, setting, text, yesNo } from "./setting.ts";

export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** https, or http where the traffic cannot leave this machine. */
const isSafe = (url: URL) =>
  url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));

/** `https://host[:port]` without a path. */
const origin = z
  .string()
  .transform((value) => value.replace(/\/+$/, ""))
  .refine((value) => URL.canParse(value) && new URL(value).origin === value)
  .refine((value) => isSafe(new URL(value)));

/** Rejects a secret that was typed by hand. */
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
  enabled: setting("RUSHES_PUBLIC", {
    usual: "`no`",
    meaning: "`yes` turns on public mode, like `npm start -- --public`. Everyone must sign in.",
    wanted: "yes or no",
    schema: yesNo.default(false),
  }),
  url: setting("RUSHES_PUBLIC_URL", {
    usual: "none; required in public mode",
    meaning: "URL of the dashboard, as users type it.",
    wanted:
      "an https URL without a path, such as https://video.example.com. http is allowed for loopback addresses only",
    schema: origin.optional(),
  }),
  host: setting("RUSHES_HOST", {
    usual: "`0.0.0.0` (every address) in public mode",
    meaning: "Address that the reverse proxy binds to in public mode.",
    wanted: "an IP address of this machine",
    schema: z.union([z.ipv4(), z.ipv6()]).optional(),
  }),
  secret: setting("RUSHES_SECRET", {
    usual: "none; required in public mode",
    meaning:
      "Secret used to seal sessions and share links. Anyone who has it can impersonate any user.",
    wanted: 'at least 32 random characters, for example the output of "openssl rand -base64 48"',
    schema: secret.optional(),
    secret: true,
  }),
  trustedProxies: setting("RUSHES_TRUSTED_PROXIES", {
    usual: "`127.0.0.1, ::1`",
    meaning: "Proxies whose `X-Forwarded-For` header is trusted: the one that terminates TLS.",
    wanted: "addresses or ranges, separated by commas, such as 127.0.0.1, 10.0.0.0/8",
    schema: listOf(range).default(["127.0.0.1", "::1"]),
  }),
  provider: {
    issuer: setting("RUSHES_OIDC_ISSUER", {
      usual: "none: the built-in identity provider, with the users of `npm run user`",
      meaning: "Issuer of the OpenID Connect provider that users sign in with.",
      wanted:
        "an https URL such as https://accounts.google.com. http is allowed for loopback addresses only",
      schema: z
        .url()
        .refine((value) => isSafe(new URL(value)))
        .optional(),
    }),
    clientId: setting("RUSHES_OIDC_CLIENT_ID", {
      usual: "none; required with an issuer",
      meaning: "Client ID of Rushes at the provider.",
      wanted: "the client ID that the provider gave you",
      schema: text.optional(),
    }),
    clientSecret: setting("RUSHES_OIDC_CLIENT_SECRET", {
      usual: "none; required with an issuer",
      meaning: "Client secret of Rushes at the provider.",
      wanted: "the client secret that the provider gave you",
      schema: text.optional(),
      secret: true,
    }),
    groupsClaim: setting("RUSHES_OIDC_GROUPS_CLAIM", {
      usual: "`groups`",
      meaning: "Claim that lists a user's groups.",
      wanted: "the name of a claim such as groups or cognito:groups",
      schema: text.default("groups"),
    }),
    trustEmail: setting("RUSHES_OIDC_TRUST_EMAIL", {
      usual: "`no`",
      meaning:
        "`yes` for a provider that verifies email addresses but does not send `email_verified`.",
      wanted: "yes or no",
      schema: yesNo.default(false),
    }),
  },
  adminGroup: setting("RUSHES_ADMIN_GROUP", {
    usual: "`admin`",
    meaning: "Members of this provider group are admins.",
    wanted: "the name of a group",
    schema: text.default("admin"),
  }),
  adminEmails: setting("RUSHES_ADMINS", {
    usual: "nobody",
    meaning: "Users with these verified email addresses are admins, whatever their groups.",
    wanted: "email addresses, separated by commas, such as ann@example.com, bob@example.com",
    schema: listOf(z.email()).default([]),
  }),
};
