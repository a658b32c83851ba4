import { Resource } from "sst";
import * as z from "zod";
import { SOURCE_LIMITS } from "./source-limits.ts";

const Schema = z.object({
  App: z.object({ name: z.string(), stage: z.string() }),
  Table: z.object({ name: z.string() }),
  Uploads: z.object({ name: z.string() }),
  Renditions: z.object({ name: z.string() }),
  /** Mails of the configuration set are followed by its events; without one they are only sent. */
  Email: z.object({ sender: z.string(), configSet: z.string().optional() }),
  Transcode: z.object({ roleArn: z.string(), queueArn: z.string() }),
  Settings: z.object({
    /** Owner of what other tools put into the uploads bucket. */
    defaultOwnerId: z.string().min(1),
    defaultOwnerEmail: z.email(),
    /** Address of the dashboard, without a slash at its end. */
    siteUrl: z.url().transform((url) => url.replace(/\/+$/, "")),
    maxSizeBytes: z.coerce.number().int().positive(),
    maxDurationSeconds: z.coerce.number().positive(),
    maxFramePixels: z.coerce.number().int().positive().default(SOURCE_LIMITS.maxFramePixels),
    maxJobFrames: z.coerce.number().int().positive().default(SOURCE_LIMITS.maxJobFrames),
    minBytesPerSecond: z.coerce.number().nonnegative().default(SOURCE_LIMITS.minBytesPerSecond),
    uploadExpiresSeconds: z.coerce.number().int().positive(),
    /** How many uploads of one owner may be open at once. */
    maxOpenUploads: z.coerce.number().int().positive(),
    /** How many bytes of sources one owner may keep; 0 for no limit. */
    maxOwnerBytes: z.coerce.number().int().nonnegative(),
    /** Where browsers reach the buckets, when it is not where the SDK does. */
    bucketUrl: z.url().optional(),
  }),
  SignIn: z.discriminatedUnion("required", [
    /** Whoever reaches the app is its one owner: only for an app that nobody else can reach. */
    z.object({ required: z.literal(false) }),
    z.object({
      required: z.literal(true),
      /** The OpenID provider's issuer, as its tokens name it. */
      issuer: z.url(),
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
      /** Where this server reaches the issuer, when it is not where browsers do. */
      backchannel: z.url().optional(),
      /** The claim that lists a user's groups: "groups", or "cognito:groups". */
      groupsClaim: z.string().min(1),
      /** Who is in this group is an admin. */
      adminGroup: z.string().min(1),
      /** Verified addresses whose users are admins whatever their groups. */
      adminEmails: z.array(z.email()),
      /** True for a provider that does not say `email_verified` though it verifies. */
      trustEmail: z.boolean(),
    }),
  ]),
  /** All keys of ours are derived from it; see secret.ts. */
  Secret: z.object({ value: z.string().min(32) }),
});
export type Linked = z.infer<typeof Schema>;

let linked: Linked | undefined;

/**
 * What this code is linked to. Read at the first call and not at import, because a build imports
 * these modules where nothing is linked. Throws a ZodError that names what is missing.
 */
export function resource(): Linked {
  if (!linked) {
    const all: Record<string, unknown> = {};
    for (const name of Object.keys(Schema.shape)) all[name] = Reflect.get(Resource, name);
    linked = Schema.parse(all);
  }
  return linked;
}

const Named = { name: z.string().min(1), url: z.url() };
const DeadLetters = z.object({
  queues: z.array(
    z.discriminatedUnion("kind", [
      /** Of an SQS queue: what it could not deliver. */
      z.object({ ...Named, kind: z.literal("queue") }),
      /** Of asynchronous invocations of this function. */
      z.object({ ...Named, kind: z.literal("function"), function: z.string().min(1) }),
      /** Of the table's stream; this function, reconcile, makes up for what was missed. */
      z.object({ ...Named, kind: z.literal("stream"), function: z.string().min(1) }),
    ]),
  ),
});
export type DeadLetterQueue = z.infer<typeof DeadLetters>["queues"][number];

/** The dead-letter queues. Apart from the rest, because only the web app is linked to them. */
export function deadLetterQueues(): DeadLetterQueue[] {
  const all: unknown = Reflect.get(Resource, "DeadLetters");
  return DeadLetters.parse(all).queues;
}

const Media = z.object({
  /** Where browsers reach what plays, without a slash at its end. */
  url: z.url().transform((url) => url.replace(/\/+$/, "")),
  keyPairId: z.string().min(1),
  /** PEM. Whoever has it can sign for every rendition. */
  privateKey: z.string().min(1),
});
export type Media = z.infer<typeof Media>;

let signing: Media | undefined;

/** What addresses of renditions are signed with. Apart from the rest: only the web app is linked to it. */
export function media(): Media {
  signing ??= Media.parse(Reflect.get(Resource, "Media"));
  return signing;
}

const Release = z.object({
  version: z.string().min(1),
  /** Of git; "unknown" where the app was started from no clone. */
  commit: z.string().min(1),
  /** When it was built. */
  time: z.iso.datetime(),
});
export type Release = z.infer<typeof Release>;

let released: Release | undefined;

/** What is deployed here. Apart from the rest: only the web app tells it. */
export function release(): Release {
  released ??= Release.parse(Reflect.get(Resource, "Release"));
  return released;
}
