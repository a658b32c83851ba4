/** Writes files that are complete or absent after a crash or a power cut. */
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file. When this resolves, the complete file is on the disk: a temporary file next to it (`.tmp-…`),
 * fsync, rename, fsync of the folder. `mode` defaults to owner-only.
 */
export async function writeDurably(
  path: string,
  data: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.tmp-${randomUUID()}-${basename(path).slice(0, 100)}`);
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Makes renames and removals in this folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
