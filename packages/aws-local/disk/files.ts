import { statfs } from "node:fs/promises";

/** For `catch`: undefined for a file that does not exist. Throws every other error. */
export function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

/** The free bytes of a folder's disk, without those that only root may use. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
