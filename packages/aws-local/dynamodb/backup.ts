/** A daily copy of the table in the same folder, in case the disk damages the file and there is no backup. */
import { rename, rm, stat } from "node:fs/promises";
import { backup, DatabaseSync } from "node:sqlite";

const DAY_MS = 86_400_000;

/** Writes `<file>.daily` unless it is less than a day old. Only a checked file may replace the copy. */
export async function copyDaily(file: string, now = Date.now()): Promise<void> {
  const path = `${file}.daily`;
  const copiedMs = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (copiedMs + DAY_MS > now) return;
  const database = new DatabaseSync(file);
  try {
    await backup(database, `${path}.new`);
    await rename(`${path}.new`, path);
  } finally {
    database.close();
    await rm(`${path}.new`, { force: true });
  }
}
