/** Key files: JSON with a checksum, created once, readable by their owner only. */
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CliError } from "@rushes/core/cli-error";
import type * as z from "zod";
import { parseChecksummed, stringifyChecksummed } from "./checksummed.ts";
import { writeDurably } from "./durable.ts";

/**
 * Loads a key file. Creates it if it is absent, and adds the checksum if it has none.
 *
 * @param loss what you lose with a new file in its place, for the error message
 * @throws CliError if it is damaged or cannot be read
 */
export async function loadKeyFile<Content extends object>(
  path: string,
  schema: z.ZodType<Content>,
  { create, loss }: { create(): Promise<Content>; loss: string },
): Promise<Content> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new CliError(
      `The key file ${path} cannot be read (${error.code}); give this user the right to read and write it.`,
    );
  });
  if (text === undefined) {
    const content = await create();
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await saveKeyFile(path, content);
    return content;
  }
  try {
    const { content, hasChecksum } = parseChecksummed(text, schema);
    if (!hasChecksum) await saveKeyFile(path, content);
    return content;
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    throw new CliError(
      `The key file ${path} is damaged; restore it from a backup. Without one, move it away and start again: ${loss}.`,
    );
  }
}

/** Replaces a key file. After a power failure, it has either the earlier or the new content. */
export const saveKeyFile = (path: string, content: object): Promise<void> =>
  writeDurably(path, stringifyChecksummed(content), 0o600);
