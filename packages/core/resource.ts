import { Resource } from "sst";
import { z } from "zod";

const Schema = z.object({
  App: z.object({ name: z.string(), stage: z.string() }),
  Table: z.object({ name: z.string() }),
  Uploads: z.object({ name: z.string() }),
  Renditions: z.object({ name: z.string() }),
  Email: z.object({ sender: z.string() }),
  Transcode: z.object({ roleArn: z.string(), queueArn: z.string() }),
  Settings: z.object({
    /** Owner of what other tools put into the uploads bucket. */
    defaultOwnerId: z.string().min(1),
    defaultOwnerEmail: z.email(),
    /** Address of the dashboard, without a slash at its end. */
    siteUrl: z.url().transform((url) => url.replace(/\/+$/, "")),
    maxSizeBytes: z.coerce.number().int().positive(),
    maxDurationSeconds: z.coerce.number().positive(),
    uploadExpiresSeconds: z.coerce.number().int().positive(),
  }),
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
