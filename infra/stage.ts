/** The only file that reads the stage's name and the deployer's environment. */
import { SOURCE_LIMITS } from "../packages/core/source-limits.ts";
import { required, whole } from "./environment.ts";

/** Production keeps its data. Every other stage can be removed. */
export const production = $app.stage === "production";

/** The domain of the app, such as video.example.com. Sign-in needs it before the first deployment. */
export const domain = required("RUSHES_DOMAIN", "the domain of this stage");
/** The address that SES sends from. A domain alone is not enough, because it is used in `From` as it is. */
export const sender = required("RUSHES_SENDER", "the address that Rushes sends mail from");
if (!sender.includes("@")) {
  throw new Error(
    "RUSHES_SENDER is not a mail address. Give it one like video@example.com. See docs/deploy.md.",
  );
}
/** The address that receives alarms. */
export const operator = required("RUSHES_OPERATOR", "the address that receives alarms");
export const siteUrl = `https://${domain}`;

/** Users with one of these verified addresses are admins from their first sign-in. */
export const adminEmails = (process.env.RUSHES_ADMINS ?? operator)
  .split(",")
  .map((email) => email.trim())
  .filter((email) => email !== "");

/** The deployer's own identity provider, instead of a Cognito user pool. */
export const issuer = process.env.RUSHES_OIDC_ISSUER?.trim() || undefined;

/**
 * The trusted delivery keys. The first one signs. While one key replaces the other, both are trusted. docs/deploy.md
 * has the steps.
 */
export const mediaKeys = (process.env.RUSHES_MEDIA_KEYS ?? "1").split(",").map((key) => key.trim());
if (!["1", "2", "1,2", "2,1"].includes(mediaKeys.join())) {
  throw new Error(
    "RUSHES_MEDIA_KEYS is not a list of keys. Give it 1, 2, or both, with the key that signs first. See docs/deploy.md.",
  );
}

/** Sources are deleted after this many days, and renditions stay. If it is unset, sources are kept. */
export const sourceExpiresDays = whole("RUSHES_SOURCE_EXPIRES_DAYS", undefined);

/** What owners and sources may use. The local stack has the same settings, with the same defaults. */
export const limits = {
  maxSizeBytes: whole("RUSHES_MAX_SIZE_BYTES", 107_374_182_400),
  maxDurationSeconds: whole("RUSHES_MAX_DURATION_SECONDS", 43_200),
  maxFramePixels: whole("RUSHES_MAX_FRAME_PIXELS", SOURCE_LIMITS.maxFramePixels),
  maxJobFrames: whole("RUSHES_MAX_JOB_FRAMES", SOURCE_LIMITS.maxJobFrames),
  minBytesPerSecond: whole("RUSHES_MIN_BYTES_PER_SECOND", SOURCE_LIMITS.minBytesPerSecond, 0),
  uploadExpiresSeconds: whole("RUSHES_UPLOAD_EXPIRES_SECONDS", 604_800),
  maxOpenUploads: whole("RUSHES_MAX_OPEN_UPLOADS", 1000),
  maxOwnerBytes: whole("RUSHES_MAX_OWNER_BYTES", 0, 0),
};

/** The monthly cost of the account, in US dollars, above which the operator is notified. */
export const monthlyBudget = Number(process.env.RUSHES_MONTHLY_BUDGET ?? 100);
if (!(monthlyBudget > 0)) {
  throw new Error(
    "RUSHES_MONTHLY_BUDGET is not an amount. Give it US dollars per month, like 100. See docs/deploy.md.",
  );
}

/**
 * The permissions boundary of every role of this stage. The pipeline sets it, and may create no role without it. A
 * manual deployment has no boundary.
 */
export const permissionsBoundary = process.env.RUSHES_PERMISSIONS_BOUNDARY?.trim() || undefined;

export const logRetention = production ? "3 months" : "1 week";

/** The tags of every resource that costs money. */
export const tags = { app: $app.name, stage: $app.stage };
