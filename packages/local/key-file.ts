/** Files with keys: JSON with a checksum of its own, made once, readable by their owner alone. */
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import { writeDurably } from "./durable.ts";
import { SettingsError } from "./settings.ts";

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

/**
 * The content of a key file. It is made if it is absent, and gets its checksum if it has none.
 *
 * @param loss what a new file in its place would cost, for the sentence
 * @throws SettingsError if it is damaged or cannot be read
 */
export async function keyFile<Content extends object>(
  path: string,
  schema: z.ZodType<Content>,
  { make, loss }: { make(): Promise<Content>; loss: string },
): Promise<Content> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new SettingsError([
      `The key file ${path} cannot be read (${error.code}); give this user the right to read and write it.`,
    ]);
  });
  if (text === undefined) {
    const content = await make();
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDurably(path, withSum(content), 0o600);
    return content;
  }
  try {
    const { content, hasSum } = parseSummed(text, schema);
    if (!hasSum) await writeDurably(path, withSum(content), 0o600);
    return content;
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    throw new SettingsError([
      `The key file ${path} is damaged; restore it from a backup. Without one, move it away and start again: ${loss}.`,
    ]);
  }
}
