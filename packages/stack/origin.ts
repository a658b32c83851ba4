/** The origin that browsers use, and how users sign in there. */
import { MEDIA_PATH } from "@rushes/aws-local/cloudfront/index";
import { CliError } from "@rushes/core/cli-error";
import { checkIssuer, otherIssuer } from "@rushes/core/issuer";
import type { Linked } from "@rushes/core/resource";
import type { DataFolder } from "./data.ts";
import { startIdentity } from "./identity.ts";
import type { Handler } from "./proxy/index.ts";
import type { PublicSettings } from "./settings/public.ts";

export interface Origin {
  /** The URL of the dashboard, without a path, as mails show it. */
  url: string;
  /** Other origins under which the dashboard answers. */
  aliases: string[];
  /** Where browsers reach S3, if it differs from the SDK's endpoint. */
  bucketUrl?: string;
  /** Where browsers reach the CDN, if it has no server of its own. */
  mediaUrl?: string;
  signIn: Linked["SignIn"];
  /** Seals sessions and share links. */
  secret: string;
  /** Handlers of the reverse proxy, by the first segment of the path. */
  routes: Record<string, Handler>;
  close(): Promise<void>;
}

/** Without sign-in: only this machine can connect, and everyone who connects is its one user. */
export const localOrigin = (
  host: string,
  port: number,
  data: Pick<DataFolder, "secret">,
): Origin => ({
  url: `http://${host}:${port}`,
  aliases: [`http://localhost:${port}`],
  signIn: { required: false },
  secret: data.secret,
  routes: {},
  close: async () => {},
});

/**
 * In public mode: one origin for everything, and everyone must sign in.
 *
 * @throws CliError if nobody could sign in
 */
export async function publicOrigin(
  host: string,
  settings: PublicSettings,
  data: DataFolder,
  onDamage?: (message: string) => void,
): Promise<Origin> {
  const { url, secret, adminGroup, adminEmails } = settings;
  const common = { url, aliases: [], bucketUrl: url, mediaUrl: `${url}${MEDIA_PATH}`, secret };
  if (settings.provider) {
    await assertIssuer(settings.provider.issuer);
    return {
      ...common,
      signIn: { required: true, ...settings.provider, adminGroup, adminEmails },
      routes: {},
      close: async () => {},
    };
  }
  const { provider, handler, close } = await startIdentity(host, settings, data, onDamage);
  return {
    ...common,
    signIn: { required: true, ...provider, adminGroup, adminEmails },
    routes: { identity: handler },
    close,
  };
}

/**
 * Compares the setting with the issuer that the provider names. If the provider cannot be reached, which may be
 * temporary, this prints a warning and the start continues.
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
