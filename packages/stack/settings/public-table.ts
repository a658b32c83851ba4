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
    meaning: "`yes`, or `npm start -- --public`, lets others in, who then must sign in.",
    wanted: "yes or no",
    schema: yesNo.default(false),
  }),
  url: setting("RUSHES_PUBLIC_URL", {
    usual: "none; needed to be public",
    meaning: "Where others reach the dashboard, as they type it.",
    wanted:
      "an https address without a path such as https://video.example.com; http is for this machine alone",
    schema: origin.optional(),
  }),
  host: setting("RUSHES_HOST", {
    usual: "`0.0.0.0` (every address) when public",
    meaning: "Address to listen on when public.",
    wanted: "an IP address of this machine",
    schema: z.union([z.ipv4(), z.ipv6()]).optional(),
  }),
  secret: setting("RUSHES_SECRET", {
    usual: "none; needed to be public",
    meaning:
      "What sessions and shares are sealed with. Whoever has it can be anybody: keep it to yourself.",
    wanted: 'at least 32 random characters, for instance what "openssl rand -base64 48" prints',
    schema: secret.optional(),
    secret: true,
  }),
  trustedProxies: setting("RUSHES_TRUSTED_PROXIES", {
    usual: "`127.0.0.1, ::1`",
    meaning: "Who may say, by X-Forwarded-For, where a request came from: the proxy that ends TLS.",
    wanted: "addresses or ranges between commas, such as 127.0.0.1, 10.0.0.0/8",
    schema: listOf(range).default(["127.0.0.1", "::1"]),
  }),
  provider: {
    issuer: setting("RUSHES_OIDC_ISSUER", {
      usual: "none: the provider that Rushes brings, with the users of `npm run user`",
      meaning: "The OpenID provider to sign in with, by its issuer.",
      wanted:
        "an https address such as https://accounts.google.com; http is for this machine alone",
      schema: z
        .url()
        .refine((value) => isSafe(new URL(value)))
        .optional(),
    }),
    clientId: setting("RUSHES_OIDC_CLIENT_ID", {
      usual: "none; needed with an issuer",
      meaning: "The client that the provider knows Rushes by.",
      wanted: "the client id that the provider gave you",
      schema: text.optional(),
    }),
    clientSecret: setting("RUSHES_OIDC_CLIENT_SECRET", {
      usual: "none; needed with an issuer",
      meaning: "That client's secret.",
      wanted: "the client secret that the provider gave you",
      schema: text.optional(),
      secret: true,
    }),
    groupsClaim: setting("RUSHES_OIDC_GROUPS_CLAIM", {
      usual: "`groups`",
      meaning: "The claim in which the provider lists a user's groups.",
      wanted: "the name of a claim such as groups or cognito:groups",
      schema: text.default("groups"),
    }),
    trustEmail: setting("RUSHES_OIDC_TRUST_EMAIL", {
      usual: "`no`",
      meaning:
        "`yes` for a provider that verifies addresses but does not say so (`email_verified`).",
      wanted: "yes or no",
      schema: yesNo.default(false),
    }),
  },
  adminGroup: setting("RUSHES_ADMIN_GROUP", {
    usual: "`admin`",
    meaning: "Who is in this group of the provider's is an admin.",
    wanted: "the name of a group",
    schema: text.default("admin"),
  }),
  adminEmails: setting("RUSHES_ADMINS", {
    usual: "nobody",
    meaning: "Verified addresses whose users are admins, whatever their groups.",
    wanted: "addresses between commas, such as ann@example.com, bob@example.com",
    schema: listOf(z.email()).default([]),
  }),
};
