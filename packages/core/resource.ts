import { Resource } from "sst";
import * as z from "zod";
import { SOURCE_LIMITS } from "./source-limits.ts";

const Schema = z.object({
  App: z.object({ name: z.string(), stage: z.string() }),
  Table: z.object({ name: z.string() }),
  Uploads: z.object({ name: z.string() }),
  Renditions: z.object({ name: z.string() }),
  /** With a configuration set, SES sends events about each mail. Without one, mail is only sent. */
  Email: z.object({ sender: z.string(), configSet: z.string().optional() }),
  Transcode: z.object({ roleArn: z.string(), queueArn: z.string() }),
  Settings: z.object({
    /** The owner of files that other tools put into the uploads bucket. */
    defaultOwnerId: z.string().min(1),
    defaultOwnerEmail: z.email(),
    /** URL of the dashboard, without a trailing slash. */
    siteUrl: z.url().transform((url) => url.replace(/\/+$/, "")),
    maxSizeBytes: z.coerce.number().int().positive(),
    maxDurationSeconds: z.coerce.number().positive(),
    maxFramePixels: z.coerce.number().int().positive().default(SOURCE_LIMITS.maxFramePixels),
    maxJobFrames: z.coerce.number().int().positive().default(SOURCE_LIMITS.maxJobFrames),
    minBytesPerSecond: z.coerce.number().nonnegative().default(SOURCE_LIMITS.minBytesPerSecond),
    uploadExpiresSeconds: z.coerce.number().int().positive(),
    /** How many open uploads one owner may have. */
    maxOpenUploads: z.coerce.number().int().positive(),
    /** How many bytes of sources one owner may store. 0 for no limit. */
    maxOwnerBytes: z.coerce.number().int().nonnegative(),
    /** The profile of sources for which nobody chooses one. */
    profile: z.string().default("web"),
    /** Other profiles, as JSON; see rendition/custom-profile.ts. */
    profiles: z.string().default("{}"),
    /** Which objects of other tools become jobs: beginnings and ends of keys, separated by commas. */
    importPrefixes: z.string().default(""),
    importSuffixes: z.string().default(""),
    /** Who owns them, as JSON; see source/import-owners.ts. */
    importOwners: z.string().default("{}"),
    /** Where S3 tools with an access key of Rushes reach S3. Absent on AWS, where IAM makes keys. */
    toolsUrl: z.url().optional(),
    /** Where browsers reach the buckets, if it differs from the SDK's endpoint. */
    bucketUrl: z.url().optional(),
  }),
  SignIn: z.discriminatedUnion("required", [
    /** Everyone who can connect acts as the one owner: only for an app that nobody else can reach. */
    z.object({ required: z.literal(false) }),
    z.object({
      required: z.literal(true),
      /** The OpenID provider's issuer, as its tokens name it. */
      issuer: z.url(),
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
      /** Where this server reaches the issuer, if it differs from where browsers do. */
      backchannel: z.url().optional(),
      /** The claim with a user's groups: "groups", or "cognito:groups". */
      groupsClaim: z.string().min(1),
      /** Members of this group are admins. */
      adminGroup: z.string().min(1),
      /** Users with these verified addresses are admins, whatever their groups. */
      adminEmails: z.array(z.email()),
      /** True for a provider that verifies addresses but does not send `email_verified`. */
      trustEmail: z.boolean(),
    }),
  ]),
  /** Every key of Rushes is derived from it; see secret.ts. */
  Secret: z.object({ value: z.string().min(32) }),
});
export type Linked = z.infer<typeof Schema>;

/**
 * Reads links at the first call and not at import, because a build imports these modules without links. The function
 * throws a ZodError that names what is missing.
 */
function once<T>(read: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= read();
    return value;
  };
}

/** The resources that this code is linked to. */
export const resource = once(() =>
  Schema.parse(
    Object.fromEntries(
      Object.keys(Schema.shape).map((name) => [name, Reflect.get(Resource, name)]),
    ),
  ),
);

const Named = { name: z.string().min(1), url: z.url() };
const DeadLetters = z.object({
  queues: z.array(
    z.discriminatedUnion("kind", [
      /** For an SQS queue: messages that it could not deliver. */
      z.object({ ...Named, kind: z.literal("queue") }),
      /** For asynchronous invocations of this function. */
      z.object({ ...Named, kind: z.literal("function"), function: z.string().min(1) }),
      /** For the table's stream. This function, reconcile, processes what was missed. */
      z.object({ ...Named, kind: z.literal("stream"), function: z.string().min(1) }),
    ]),
  ),
});
export type DeadLetterQueue = z.infer<typeof DeadLetters>["queues"][number];

/** The dead-letter queues. Separate from the rest, because only the web app is linked to them. */
export function deadLetterQueues(): DeadLetterQueue[] {
  return DeadLetters.parse(Reflect.get(Resource, "DeadLetters")).queues;
}

const Media = z.object({
  /** Where browsers reach the renditions, without a trailing slash. */
  url: z.url().transform((url) => url.replace(/\/+$/, "")),
  keyPairId: z.string().min(1),
  /** PEM. Anyone who has it can sign URLs of every rendition. */
  privateKey: z.string().min(1),
});
export type Media = z.infer<typeof Media>;

/** The key that signs URLs of renditions. Separate from the rest, because only the web app is linked to it. */
export const media = once(() => Media.parse(Reflect.get(Resource, "Media")));

const Release = z.object({
  version: z.string().min(1),
  /** The git commit, or "unknown" if the app was not started from a clone. */
  commit: z.string().min(1),
  /** When it was built. */
  time: z.iso.datetime(),
});
export type Release = z.infer<typeof Release>;

/** The deployed release. Separate from the rest, because only the web app shows it. */
export const release = once(() => Release.parse(Reflect.get(Resource, "Release")));
