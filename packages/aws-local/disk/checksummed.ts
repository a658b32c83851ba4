/** JSON with its checksum in the field `checksum`, so that a flipped byte is detected. */
import { createHash } from "node:crypto";
import * as z from "zod";

const Checksummed = z.looseObject({ checksum: z.string().optional() });

/** Of the JSON without the checksum; its fields keep the order of the file. */
const checksumOf = (content: object) =>
  createHash("sha256").update(JSON.stringify(content)).digest("base64url");

/** The inverse of `parseChecksummed`. */
export const stringifyChecksummed = (content: object, space?: number): string =>
  `${JSON.stringify({ ...content, checksum: checksumOf(content) }, null, space)}\n`;

/**
 * Parses JSON that `stringifyChecksummed` wrote. Files of older versions have no checksum.
 *
 * @throws Error if the text is malformed or does not match its checksum
 */
export function parseChecksummed<Content>(
  text: string,
  schema: z.ZodType<Content>,
): { content: Content; hasChecksum: boolean } {
  const { checksum, ...content } = Checksummed.parse(JSON.parse(text));
  if (checksum !== undefined && checksum !== checksumOf(content)) {
    throw new Error("The file does not match its checksum.");
  }
  return { content: schema.parse(content), hasChecksum: checksum !== undefined };
}
