/** Detects writes that failed because the disk or the user's quota is full. */

/** The messages of LevelDB, SQLite and ffmpeg; Node has error codes. */
const MESSAGES = /No space left on device|Disk quota exceeded|disk is full/i;

/** Whether an error, or its cause, is a full disk. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) return true;
  return MESSAGES.test(error.message) || isDiskFull(error.cause);
}
