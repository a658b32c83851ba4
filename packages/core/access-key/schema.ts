import * as z from "zod";

/** The ID of an access key as S3 tools send it: 80 random bits, in an alphabet without confusable letters. */
export const AccessKeyId = z
  .string()
  .regex(/^RSHK[0-9A-HJKMNP-TV-Z]{16}$/, "This is not the ID of an access key.")
  .brand<"accessKey">();
export type AccessKeyId = z.infer<typeof AccessKeyId>;

/** The input for a new access key. */
export const New = z.object({
  /** What it is for. */
  name: z.string().trim().min(1).max(100),
  /** The user who owns what is uploaded with it. Without it, the caller. */
  ownerId: z.string().min(1).max(200).optional(),
});
export type New = z.infer<typeof New>;

/** An access key as lists show it, without its secret. */
export const Info = z.object({
  id: AccessKeyId,
  name: z.string(),
  ownerId: z.string(),
  /** The owner's mail address when the key was created. */
  ownerEmail: z.email(),
  time: z.object({ created: z.iso.datetime() }),
});
export type Info = z.infer<typeof Info>;

/** What a tool needs. */
export const Created = z.object({
  key: Info,
  /** The secret access key. It is returned only once. */
  secret: z.string(),
  /** The URL of S3, for path-style requests in the region us-east-1. */
  endpoint: z.url(),
  bucket: z.string(),
});
export type Created = z.infer<typeof Created>;
