/** The one place that knows stages and what the deployer's environment says. */
import { required } from "./environment.ts";

/** Production keeps its data whatever happens; every other stage can be removed. */
export const production = $app.stage === "production";

/** Where the app is served, such as video.example.com; sign-in needs it before the first deployment. */
export const domain = required("RUSHES_DOMAIN", "the name under which this stage is served");
/** The address that SES sends from. A domain alone is none: it would stand in `From` as it is. */
export const sender = required("RUSHES_SENDER", "the address that mails come from");
if (!sender.includes("@")) {
  throw new Error(
    "RUSHES_SENDER is no mail address: give it one like video@example.com. docs/deploy.md says more.",
  );
}
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

/**
 * Which of the two keys of private delivery are trusted; the first of them signs. Both are while one
 * replaces the other: docs/deploy.md says how.
 */
export const mediaKeys = (process.env.RUSHES_MEDIA_KEYS ?? "1").split(",").map((key) => key.trim());
if (!["1", "2", "1,2", "2,1"].includes(mediaKeys.join())) {
  throw new Error(
    "RUSHES_MEDIA_KEYS names no keys: give it 1, 2, or both, the one that signs first. docs/deploy.md says more.",
  );
}

/** After so many days a source is removed, its renditions stay; unset, it is kept. */
export const sourceExpiresDays = process.env.RUSHES_SOURCE_EXPIRES_DAYS
  ? Number(process.env.RUSHES_SOURCE_EXPIRES_DAYS)
  : undefined;

/** What the account may cost in a month, in US dollars, before the operator hears of it. */
export const monthlyBudget = Number(process.env.RUSHES_MONTHLY_BUDGET ?? 100);
if (!(monthlyBudget > 0)) {
  throw new Error(
    "RUSHES_MONTHLY_BUDGET is no amount: give it US dollars of a month, like 100. docs/deploy.md says more.",
  );
}

/**
 * The most that a role of this stage may have. The pipeline says it, and may make no role without it;
 * without a pipeline there is none.
 */
export const permissionsBoundary = process.env.RUSHES_PERMISSIONS_BOUNDARY?.trim() || undefined;

/** Logs are kept so long. */
export const logRetention = production ? "3 months" : "1 week";

/** On everything that costs money. */
export const tags = { app: $app.name, stage: $app.stage };
