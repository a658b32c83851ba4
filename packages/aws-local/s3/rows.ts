/** The rows of objects, uploads and parts. Sidecars (sidecar.ts) contain them too. */
import * as z from "zod";
import { ALGORITHMS } from "./checksum.ts";

const Algorithm = z.enum(ALGORITHMS);
const Type = z.enum(["COMPOSITE", "FULL_OBJECT"]);
/** The headers that are stored with an object and returned with it, by lower-case name. */
const Headers = z.record(z.string(), z.string());
export type Headers = z.infer<typeof Headers>;

/** Consecutive bytes of an object, in one blob. */
const Extent = z.object({
  blob: z.string().regex(/^[0-9a-f]{32}$/),
  sizeBytes: z.number().int().nonnegative(),
  /** Of its bytes, in hex; absent in rows of older versions. */
  md5: z.string().optional(),
});
export type Extent = z.infer<typeof Extent>;

export const ObjectRow = z.object({
  sizeBytes: z.number().int().nonnegative(),
  /** Without quotes. */
  etag: z.string(),
  /** Milliseconds since 1970. */
  modified: z.number(),
  sequencer: z.string(),
  headers: Headers,
  checksum: z.object({ algorithm: Algorithm, value: z.string(), type: Type }).optional(),
  /** In order; one for a single PUT, none for an empty object. */
  pieces: z.array(Extent),
  multipart: z.literal(true).optional(),
  /** The owner of the access key that wrote it; absent for the stack's own key. */
  ownerId: z.string().optional(),
});
export type ObjectRow = z.infer<typeof ObjectRow>;

export const UploadRow = z.object({
  bucket: z.string(),
  key: z.string(),
  initiated: z.number(),
  headers: Headers,
  checksum: z.object({ algorithm: Algorithm, type: Type }).optional(),
  ownerId: z.string().optional(),
});
export type UploadRow = z.infer<typeof UploadRow>;

/** A row in the database has an empty `blob` for a part without bytes, which has no sidecar. */
export const PartRow = z.object({
  ...Extent.shape,
  number: z.number().int(),
  etag: z.string(),
  modified: z.number(),
  checksum: z.string().optional(),
});
export type PartRow = z.infer<typeof PartRow>;
