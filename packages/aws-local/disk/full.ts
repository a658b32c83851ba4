/** Writes that failed because no space is left on the disk, or none of the user's share. */

/** What each writer says: Node by its code; LevelDB, SQLite and ffmpeg in words. */
const WORDS = /No space left on device|Disk quota exceeded|disk is full/i;

/** Whether an error, or what caused it, is a full disk. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) return true;
  return WORDS.test(error.message) || isDiskFull(error.cause);
}
