/**
 * Schemas of the API only; all others are core's. Core's schemas are cloned before they are described: the library can
 * describe only schemas that were created after it loaded, and a page may have loaded core first.
 */
import { z } from "@hono/zod-openapi";
import { CODES } from "@rushes/core/error";
import { JobId, UploadId } from "@rushes/core/id";
import * as User from "@rushes/core/user/schema";
import { Suppression } from "@rushes/core/user/suppression";

const ErrorSchema = z.object({ code: z.enum(CODES), message: z.string() }).openapi("Error", {
  description: "A code from a closed list, and a message that says what to do.",
});

/** Why an address gets no mail. */
export const SuppressionSchema = Suppression.clone().openapi("MailHold");

export const UserSchema = User.Info.clone().openapi("User");

export const UploadParam = z.object({
  id: UploadId.clone().openapi({ param: { name: "id", in: "path" }, type: "string" }),
});
export const JobParam = z.object({
  id: JobId.clone().openapi({ param: { name: "id", in: "path" }, type: "string" }),
});

/** The owner whose rows an admin requests. Not every owner ID has Rushes's format: the default owner's is a setting. */
export const OwnerId = z.string().min(1).max(200);

/** The content of a request or response. */
export const json = <T extends z.ZodType>(schema: T) => ({
  content: { "application/json": { schema } },
});

const failure = (description: string) => ({ description, ...json(ErrorSchema) });

/** The responses that any route may return, and the named ones. */
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
    // By construction, the keys are the requested ones.
    ...(Object.fromEntries(named.map((status) => [status, all[status]])) as Pick<typeof all, S>),
  };
}
