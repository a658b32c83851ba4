import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

/** The size at which a log is rotated. Two files of each name are kept. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Writes lines with their time to `<folder>/<name>.log`; at 10 MiB it becomes `<name>.1.log`. */
export function openLog(folder: string, name: string): (line: string) => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.log`);
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (line) => {
    const text = `${new Date().toISOString()} ${line.trimEnd()}\n`;
    try {
      if (size > MAX_BYTES) {
        renameSync(path, join(folder, `${name}.1.log`));
        size = 0;
      }
      // Synchronous: the last lines before a crash are the most useful.
      appendFileSync(path, text, { mode: 0o600 });
      size += Buffer.byteLength(text);
    } catch {
      // A full disk must not stop the work that is logged.
    }
  };
}
