/** How browsers come to a home, and how they sign in. */
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { PATH } from "@rushes/aws-local/cloudfront/index";
import { openLog } from "@rushes/aws-local/process/log";
import { createHttpServer } from "@rushes/aws-local/wire/http-server";
import { listen } from "@rushes/aws-local/wire/listen";
import { CliError } from "@rushes/core/cli-error";
import { checkIssuer, otherIssuer } from "@rushes/core/issuer";
import type { Linked } from "@rushes/core/resource";
import type { DataFolder } from "./data.ts";
import type { Handler } from "./proxy/index.ts";
import type { PublicSettings } from "./settings/public.ts";

export interface Site {
  /** Origin of the dashboard, as it stands in mails. */
  url: string;
  /** Other names of that origin. */
  aliases: string[];
  /** Where browsers reach S3, when it is not where the SDK does. */
  bucketUrl?: string;
  /** Where browsers reach what plays, when it has no server of its own. */
  mediaUrl?: string;
  signIn: Linked["SignIn"];
  /** What sessions and shares are sealed with. */
  secret: string;
  /** Who else answers at that origin, by the first segment of the path. */
  rooms: Record<string, Handler>;
  close(): Promise<void>;
}

/** Whoever reaches this machine is its one user. */
export const localSite = (
  host: string,
  port: number,
  data: Pick<DataFolder, "credentials">,
): Site => ({
  url: `http://${host}:${port}`,
  aliases: [`http://localhost:${port}`],
  signIn: { required: false },
  // As secret as the keys, of which it is one.
  secret: data.credentials.secretAccessKey,
  rooms: {},
  close: async () => {},
});

/**
 * A home that others reach: one origin for all of it, and nobody gets in without signing in.
 *
 * @throws CliError when nobody could
 */
export async function publicSite(
  host: string,
  settings: PublicSettings,
  data: DataFolder,
  onDamage?: (sentence: string) => void,
): Promise<Site> {
  const { url, secret, adminGroup, adminEmails } = settings;
  if (settings.provider) await assertIssuer(settings.provider.issuer);
  const own = settings.provider ? undefined : await startOwn(host, settings, data, onDamage);
  const provider = settings.provider ?? own?.provider;
  if (!provider) throw new Error("A public home has a provider by now.");
  return {
    ...{ url, aliases: [], bucketUrl: url, mediaUrl: `${url}${PATH}`, secret },
    signIn: { required: true, ...provider, adminGroup, adminEmails },
    rooms: own ? { identity: own.handler } : {},
    close: async () => own?.close(),
  };
}

/**
 * Compares the setting with what the provider calls itself. A provider that is away now may come back: that is
 * printed, and the start goes on.
 *
 * @throws CliError naming the right value
 */
export async function assertIssuer(issuer: string): Promise<void> {
  const check = await checkIssuer(issuer);
  switch (check.kind) {
    case "same":
      return;
    case "other":
      throw new CliError(otherIssuer(issuer, check.named));
    case "none":
    case "unreachable":
      process.stderr.write(
        `\n  Nobody can sign in yet: ${check.why}. Check RUSHES_OIDC_ISSUER, which is "${issuer}".\n`,
      );
  }
}

/** The provider that Rushes brings: browsers reach it through the door, the app on loopback. */
async function startOwn(
  host: string,
  { url, secret }: PublicSettings,
  data: DataFolder,
  onDamage?: (sentence: string) => void,
) {
  // Only here: a home without sign-in starts without loading it.
  const { hasAccount, start } = await import("@rushes/identity/index");
  const dataDir = join(data.path, "identity");
  if (!(await hasAccount(dataDir))) {
    throw new CliError(
      "Nobody could sign in: there is no user yet. Make the first with npm run user -- add you@example.com --admin, or name a provider in RUSHES_OIDC_ISSUER.",
    );
  }
  const issuer = `${url}/identity`;
  const client = {
    id: "rushes",
    secret: createHmac("sha256", secret).update("provider client").digest("base64url"),
    redirectUris: [`${url}/api/auth/callback`],
    postLogoutRedirectUris: [`${url}/sign-in`],
  };
  const onLog = openLog(join(data.path, "logs"), "identity");
  const { handler, close } = await start({
    ...{ dataDir, issuer, secret, client, onLog },
    ...(onDamage && { onDamage }),
  });
  const loopback = await listen(createHttpServer(handler, { hosts: "own" }), { host, port: 0 });
  return {
    provider: {
      ...{ issuer, clientId: client.id, clientSecret: client.secret, backchannel: loopback.url },
      ...{ groupsClaim: "groups", trustEmail: false },
    },
    handler,
    async close() {
      await loopback.close();
      await close();
    },
  };
}
