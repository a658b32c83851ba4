/** `npm run reset`: empties the data folder, if nothing runs on it. */
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { openData } from "../data.ts";
import { loadSettings } from "../settings/index.ts";
import { ROOT, runCommand } from "./command.ts";

async function main(): Promise<void> {
  const { dataDir } = await loadSettings(ROOT);
  if (!existsSync(dataDir)) {
    process.stdout.write(`There is no data in ${dataDir}.\n`);
  } else {
    await empty(dataDir);
    process.stdout.write(`${dataDir} is empty.\n`);
  }
}

/** Opening the folder rejects one that is not a data folder or is in use. */
async function empty(dataDir: string): Promise<void> {
  const data = await openData(dataDir, { anyVersion: true });
  // The version is deleted last, so that an interrupted reset leaves a folder that is still a data folder.
  for (const name of await readdir(dataDir)) {
    if (name !== "version" && name !== "lock") await rm(join(dataDir, name), { recursive: true });
  }
  await data.close();
  for (const name of ["lock", "version"]) {
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

await runCommand(main);
