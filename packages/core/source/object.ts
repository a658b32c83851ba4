import * as z from "zod";

/** One object that S3 reports as created. The key is decoded. */
export interface CreatedObject {
  bucket: string;
  key: string;
  sizeBytes: number;
  etag: string;
  sequencer: string;
  versionId?: string | undefined;
  /** When S3 created the event, ISO 8601. */
  time: string;
  /** Who wrote it, as S3 names the identity: `AWS:AIDAEXAMPLE`. */
  principalId?: string | undefined;
}
/** What identifies the bytes of a source. */
export type SourceObject = Pick<CreatedObject, "bucket" | "key" | "etag" | "sizeBytes">;

const Record = z.object({
  eventTime: z.string(),
  userIdentity: z.object({ principalId: z.string() }).optional(),
  s3: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      size: z.number().int().nonnegative().default(0),
      eTag: z.string().default(""),
      sequencer: z.string(),
      versionId: z.string().optional(),
    }),
  }),
});

// S3 sends a test message without records when the notification is first connected.
const Notification = z.union([
  z.object({ Records: z.array(Record) }),
  z.object({ Event: z.literal("s3:TestEvent") }).transform(() => ({ Records: [] })),
]);

/** The objects of one S3 notification, from the body of a queue message. Throws on any other text. */
export function parseNotification(body: string): CreatedObject[] {
  return Notification.parse(JSON.parse(body)).Records.map(({ eventTime, userIdentity, s3 }) => ({
    bucket: s3.bucket.name,
    key: decodeKey(s3.object.key),
    sizeBytes: s3.object.size,
    etag: bareEtag(s3.object.eTag),
    sequencer: s3.object.sequencer,
    versionId: s3.object.versionId,
    time: new Date(eventTime).toISOString(),
    principalId: userIdentity?.principalId,
  }));
}

/** S3's notifications encode keys like a form: `my+video%2B.mp4` is `my video+.mp4`. */
export function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll("+", " "));
}

/** Events have bare ETags, and responses have quoted ones. */
export function bareEtag(etag: string): string {
  return etag.replaceAll('"', "");
}
