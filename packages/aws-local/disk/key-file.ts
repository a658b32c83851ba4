/** Files with keys: JSON with a checksum of its own, made once, readable by their owner alone. */
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CliError } from "@rushes/core/cli-error";
import type * as z from "zod";
import { writeDurably } from "./durable.ts";
import { parseSummed, withSum } from "./summed.ts";

/**
 * The content of a key file. It is made if it is absent, and gets its checksum if it has none.
 *
 * @param loss what a new file in its place would cost, for the sentence
 * @throws CliError if it is damaged or cannot be read
 */
export async function keyFile<Content extends object>(
  path: string,
  schema: z.ZodType<Content>,
  { make, loss }: { make(): Promise<Content>; loss: string },
): Promise<Content> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new CliError(
      `The key file ${path} cannot be read (${error.code}); give this user the right to read and write it.`,
    );
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
    throw new CliError(
      `The key file ${path} is damaged; restore it from a backup. Without one, move it away and start again: ${loss}.`,
    );
  }
}
