import * as z from "zod";
import { JobId, UploadId } from "../id.ts";

export const STATUSES = ["open", "completing", "completed", "aborted", "expired"] as const;

/** How the bytes are sent: one presigned PUT, or presigned parts of a multipart upload. */
export const Plan = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("single") }),
  z.object({
    kind: z.literal("multipart"),
    partSizeBytes: z.number().int().positive(),
    partCount: z.number().int().min(1).max(10_000),
  }),
]);
export type Plan = z.infer<typeof Plan>;

/** Base64 of a big-endian CRC-64/NVME, as S3's `x-amz-checksum-crc64nvme`. */
export const Crc64 = z.string().regex(/^[A-Za-z0-9+/]{11}=$/, "must be eight bytes in base64");

/** A part that S3 has. */
export const Part = z.object({
  partNumber: z.number(),
  etag: z.string(),
  sizeBytes: z.number(),
  /** Absent if S3 has stored none with the part. */
  crc64nvme: z.string().optional(),
});
export type Part = z.infer<typeof Part>;

/** One upload as the API shows it. Times are ISO 8601 in UTC. */
export const Info = z.object({
  id: UploadId,
  fileName: z.string().min(1).max(1024),
  sizeBytes: z.number().int().nonnegative(),
  contentType: z.string().max(255),
  status: z.enum(STATUSES),
  plan: Plan,
  /** What the client gave to find the same file again. */
  fingerprint: z.string().optional(),
  /** What will be made of the file. The default profile if it is absent. */
  profile: z.string().optional(),
  /** The tags that the video gets. */
  tags: z.array(z.string()).optional(),
  jobId: JobId.optional(),
  time: z.object({
    created: z.iso.datetime(),
    expires: z.iso.datetime(),
    completed: z.iso.datetime().optional(),
  }),
});
export type Info = z.infer<typeof Info>;

/** A video that a file has become already. */
export const Existing = z.object({
  jobId: JobId,
  title: z.string(),
  created: z.iso.datetime(),
  /**
   * What is the same: the name, the size and the time of the `file`; or its size and `checksum`; or only its `size`, because
   * the caller has given no checksum.
   */
  same: z.enum(["file", "checksum", "size"]),
});
export type Existing = z.infer<typeof Existing>;

/** One HTTP request that the browser sends directly to S3, exactly as it was signed. */
export const SignedRequest = z.object({
  partNumber: z.number().int().min(1).max(10_000).optional(),
  method: z.literal("PUT"),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  sizeBytes: z.number().int().nonnegative(),
  expires: z.iso.datetime(),
});
export type SignedRequest = z.infer<typeof SignedRequest>;

/** One file that a caller wants to upload. */
export interface NewFile {
  name: string;
  sizeBytes: number;
  /** As the browser reports it. `application/octet-stream` if it is empty. */
  contentType: string;
  /** Identifies the same file after a reload. */
  fingerprint?: string;
  /** The name of a profile. The default one if it is left out. */
  profile?: string;
  /** At most 10. Tags that differ only in case or accents are the same. */
  tags?: string[];
  /** Base64 of the file's CRC-64/NVME. The request of a single PUT is then signed with it. */
  crc64nvme?: string;
  /** Starts no upload if one of the owner's videos was made of this file. Returns the video instead. */
  onlyNew?: boolean;
}

/** A part to sign. With a checksum, S3 rejects a part that arrives with other bytes. */
export interface PartToSign {
  partNumber: number;
  crc64nvme?: string;
}
