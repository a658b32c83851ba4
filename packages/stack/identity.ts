/** Starts the built-in identity provider. Browsers reach it through the reverse proxy, the web app on loopback. */
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { openLog } from "@rushes/aws-local/process/log";
import { createHttpServer } from "@rushes/aws-local/wire/http-server";
import { listen } from "@rushes/aws-local/wire/listen";
import { CliError } from "@rushes/core/cli-error";
import type { DataFolder } from "./data.ts";
import type { PublicSettings } from "./settings/public.ts";

/** @throws CliError if there is no account */
export async function startIdentity(
  host: string,
  { url, secret }: Pick<PublicSettings, "url" | "secret">,
  data: DataFolder,
  onDamage?: (message: string) => void,
) {
  // Imported here, so that a start without sign-in does not load it.
  const { hasAccount, start } = await import("@rushes/identity/index");
  const dataDir = join(data.path, "identity");
  if (!(await hasAccount(dataDir))) {
    throw new CliError(
      "Nobody could sign in, because there is no user yet. Create the first with npm run user -- add you@example.com --admin, or set an identity provider in RUSHES_OIDC_ISSUER.",
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
  const { handler, close } = await start({ dataDir, issuer, secret, client, onLog, onDamage });
  const loopback = await listen(createHttpServer(handler, { hosts: "own" }), { host, port: 0 });
  const provider = {
    issuer,
    clientId: client.id,
    clientSecret: client.secret,
    backchannel: loopback.url,
    groupsClaim: "groups",
    trustEmail: false,
  };
  return {
    provider,
    handler,
    async close() {
      await loopback.close();
      await close();
    },
  };
}
