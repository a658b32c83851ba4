/** A copy of the table beside it, made once a day, for a disk that damages the file and a machine without backups. */
import { rename, rm, stat } from "node:fs/promises";
import { backup, DatabaseSync } from "node:sqlite";

const DAY_MS = 86_400_000;

/** Makes `<file>.daily` unless it is younger than a day. Only a file that was checked may replace the copy. */
export async function copyDaily(file: string, now = Date.now()): Promise<void> {
  const path = `${file}.daily`;
  const made = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (made + DAY_MS > now) return;
  const database = new DatabaseSync(file);
  try {
    await backup(database, `${path}.new`);
    await rename(`${path}.new`, path);
  } finally {
    database.close();
    await rm(`${path}.new`, { force: true });
  }
}
