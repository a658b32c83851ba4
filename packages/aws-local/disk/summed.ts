/** JSON with a checksum of its own as the field `checksum`, so that a flipped byte is noticed. */
import { createHash } from "node:crypto";
import * as z from "zod";

const Summed = z.looseObject({ checksum: z.string().optional() });

/** Over the JSON without the checksum; the order of its fields is the file's. */
const sumOf = (content: object) =>
  createHash("sha256").update(JSON.stringify(content)).digest("base64url");

/** The text of a file that `parseSummed` reads. */
export const withSum = (content: object, space?: number): string =>
  `${JSON.stringify({ ...content, checksum: sumOf(content) }, null, space)}\n`;

/**
 * Reads JSON that `withSum` wrote; files from before have no checksum.
 *
 * @throws Error if the text is no such JSON or is not what was written
 */
export function parseSummed<Content>(
  text: string,
  schema: z.ZodType<Content>,
): { content: Content; hasSum: boolean } {
  const { checksum, ...content } = Summed.parse(JSON.parse(text));
  if (checksum !== undefined && checksum !== sumOf(content)) {
    throw new Error("The file is not what was written.");
  }
  return { content: schema.parse(content), hasSum: checksum !== undefined };
}
