/**
 * Shapes that only the wire has; everything else is core's. Core's schemas are cloned before they are
 * described: only schemas made after this library was loaded can be, and a page may have been first.
 */
import { z } from "@hono/zod-openapi";
import { CODES } from "@rushes/core/error";
import { JobId, UploadId } from "@rushes/core/id";
import * as User from "@rushes/core/user/schema";
import { Suppression } from "@rushes/core/user/suppression";

const ErrorSchema = z.object({ code: z.enum(CODES), message: z.string() }).openapi("Error", {
  description: "A code from a closed list, and a message that says what to do.",
});

/** Why mails to an address are held back. */
export const Held = Suppression.clone().openapi("MailHold");

export const UserSchema = User.Info.clone().openapi("User");

export const UploadParam = z.object({
  id: UploadId.clone().openapi({ param: { name: "id", in: "path" }, type: "string" }),
});
export const JobParam = z.object({
  id: JobId.clone().openapi({ param: { name: "id", in: "path" }, type: "string" }),
});

/** Whose rows an admin asks for. Not every owner has an id of ours: the default one's is a setting. */
export const OwnerId = z.string().min(1).max(200);

/** The content of an answer or of a request. */
export const json = <T extends z.ZodType>(schema: T) => ({
  content: { "application/json": { schema } },
});

const failure = (description: string) => ({ description, ...json(ErrorSchema) });

/** Answers that any route may give, and the ones named. */
export function failures<const S extends 404 | 409>(...named: S[]) {
  const all = {
    404: failure("It does not exist, or it is not yours."),
    409: failure("Its state does not allow the request."),
  };
  return {
    400: failure("The request does not match its schema."),
    401: failure("No one is signed in, or the session or token has expired."),
    403: failure("The caller may not do this, or the request came from a page of another site."),
    413: failure("The body is too large."),
    429: {
      ...failure("Too many requests."),
      headers: {
        "Retry-After": { schema: { type: "integer" as const }, description: "Seconds to wait." },
      },
    },
    500: failure("A bug in Rushes."),
    507: failure("The server's disk is full."),
    503: failure("A service that the API needs is not responding."),
    // The keys are the ones asked for, by construction.
    ...(Object.fromEntries(named.map((status) => [status, all[status]])) as Pick<typeof all, S>),
  };
}
