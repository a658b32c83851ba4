/** What is done to a function's source maps before they are deployed. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Takes the copies of the sources out of the maps of a bundle. Traces name file and line without them,
 * and the repository has the text; with them a map is three times as long, and Node reads and parses it
 * whole at every cold start.
 */
export async function withoutSources(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith(".map")) continue;
    const path = join(folder, name);
    const { sourcesContent, ...map } = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify(map));
  }
}
