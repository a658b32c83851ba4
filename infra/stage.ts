/** The one place that knows stages and what the deployer's environment says. */

/** Production keeps its data whatever happens; every other stage can be removed. */
export const production = $app.stage === "production";

function required(name: string, meaning: string): string {
  const value = process.env[name]?.trim();
  if (value) return value;
  throw new Error(`Set ${name} before you deploy: ${meaning}. docs/deploy.md says more.`);
}

/** Where the app is served, such as video.example.com; sign-in needs it before the first deployment. */
export const domain = required("RUSHES_DOMAIN", "the name under which this stage is served");
/** A domain or an address that SES may send from. */
export const sender = required("RUSHES_SENDER", "the address that mails come from");
/** Who hears of alarms. */
export const operator = required("RUSHES_OPERATOR", "the address that alarms are mailed to");
export const siteUrl = `https://${domain}`;

/** Verified addresses whose users are admins from their first sign-in. */
export const adminEmails = (process.env.RUSHES_ADMINS ?? operator)
  .split(",")
  .map((email) => email.trim())
  .filter((email) => email !== "");

/** An OpenID provider of the deployer's own, instead of a Cognito user pool. */
export const issuer = process.env.RUSHES_OIDC_ISSUER?.trim() || undefined;

/** After so many days a source is removed, its renditions stay; unset, it is kept. */
export const sourceExpiresDays = process.env.RUSHES_SOURCE_EXPIRES_DAYS
  ? Number(process.env.RUSHES_SOURCE_EXPIRES_DAYS)
  : undefined;

/** Logs are kept so long. */
export const logRetention = production ? "3 months" : "1 week";

/** On everything that costs money. */
export const tags = { app: $app.name, stage: $app.stage };
