import type { Engine } from "./engine.ts";
import { nextTask } from "./next-task.ts";

/** Chromium reads the size of a file from the disk, and blocks the page meanwhile. */
const FILES_PER_TASK = 50;

/** Adds files in their order, a few per task of the page. Resolves when all are added. */
export async function addFiles(engine: Pick<Engine, "add">, files: readonly File[]): Promise<void> {
  for (let start = 0; start < files.length; start += FILES_PER_TASK) {
    if (start > 0) await nextTask();
    engine.add(files.slice(start, start + FILES_PER_TASK));
  }
}
