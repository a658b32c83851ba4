import type { DroppedItem } from "./drop.ts";
import type { Engine } from "./engine.ts";
import { type FoundFiles, readChosen, readDropped, skippedSentence } from "./folder.ts";
import { nextTask } from "./next-task.ts";

/** Chromium reads the size of a file from the disk, and blocks the page meanwhile. */
const FILES_PER_TASK = 50;

export const NOT_ADDED =
  "These files could not be added. Add them again, or reload the page first.";

/** Tells the user about files that are not uploaded. Without a sentence, there is nothing to tell. */
export type Notify = (sentence: string | undefined) => void;

type Adding = Pick<Engine, "add">;

/** Adds the files and folders of a drop. */
export async function addDropped(engine: Adding, dropped: readonly DroppedItem[], notify: Notify) {
  await addFound(engine, await readDropped(dropped), notify);
}

/** Adds all files of a chosen folder. */
export async function addFolder(engine: Adding, files: readonly File[], notify: Notify) {
  await addFound(engine, readChosen(files), notify);
}

async function addFound(engine: Adding, found: FoundFiles, notify: Notify) {
  notify(skippedSentence(found));
  await addFiles(engine, found.files);
}

/** Adds files in their order, a few per task of the page. Resolves when all are added. */
export async function addFiles(engine: Adding, files: readonly File[]): Promise<void> {
  for (let start = 0; start < files.length; start += FILES_PER_TASK) {
    if (start > 0) await nextTask();
    engine.add(files.slice(start, start + FILES_PER_TASK));
  }
}
