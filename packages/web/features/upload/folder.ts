import { kindOf } from "@rushes/core/transfer/path-kind";
import type { DroppedItem } from "./drop.ts";
import { listed } from "./names.ts";

/** The files of a drop or of a chosen folder. */
export interface FoundFiles {
  files: File[];
  /** Paths that the browser could not read; a path with a slash at its end is a folder. */
  unreadable: string[];
  /** Paths of hidden files inside folders, which are not uploaded. */
  hidden: string[];
  /** True if a folder was among the items. */
  folder: boolean;
}

const empty = (): FoundFiles => ({ files: [], unreadable: [], hidden: [], folder: false });

/** True if the file is to be uploaded. Records hidden paths. */
function accepts(found: FoundFiles, path: string): boolean {
  const kind = kindOf(path);
  if (kind.kind === "hidden" && !found.hidden.includes(kind.path)) found.hidden.push(kind.path);
  return kind.kind === "file";
}

/** The FileSystemEntry API tells kinds apart by flags: Chromium has no global `FileSystemFileEntry`. */
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** Collects the files of an entry. Records an entry that cannot be read and continues with the others. */
async function walk(entry: FileSystemEntry, found: FoundFiles): Promise<void> {
  const path = entry.fullPath.replace(/^\//, "") || entry.name;
  if (!accepts(found, path)) return;
  try {
    if (isFile(entry)) {
      found.files.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
    } else if (isFolder(entry)) {
      await walkFolder(entry, found);
    } else {
      found.unreadable.push(path);
    }
  } catch {
    // A broken link, a folder without permission, or a file that was just deleted.
    found.unreadable.push(isFolder(entry) ? `${path}/` : path);
  }
}

async function walkFolder(folder: FileSystemDirectoryEntry, found: FoundFiles): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // Chromium returns a hundred entries at a time, and none after the last.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const entry of entries) await walk(entry, found);
  }
}

/** Every file of a drop, in order, with all files of its folders. Never rejects. */
export async function readDropped(dropped: readonly DroppedItem[]): Promise<FoundFiles> {
  const found = empty();
  for (const one of dropped) {
    // The user chose a file that was dropped directly, so it counts under any name.
    if (one instanceof File) found.files.push(one);
    else {
      found.folder ||= one.isDirectory;
      await walk(one, found);
    }
  }
  return found;
}

/** The files of a folder that was chosen with `<input webkitdirectory>`, which lists all of them. */
export function readChosen(files: readonly File[]): FoundFiles {
  const found = { ...empty(), folder: true };
  for (const file of files) {
    if (accepts(found, file.webkitRelativePath || file.name)) found.files.push(file);
  }
  return found;
}

/** What to tell the user about files that are not uploaded. Undefined if all are. */
export function skippedSentence({
  files,
  unreadable,
  hidden,
  folder,
}: FoundFiles): string | undefined {
  const sentences: string[] = [];
  if (unreadable.length > 0) {
    sentences.push(
      `Your browser could not read ${listed(unreadable)}. Check that you have permission to open it, then add it again.`,
    );
  }
  if (hidden.length > 0) {
    sentences.push(
      `Hidden files are not uploaded: ${listed(hidden)}. Choose them as files instead.`,
    );
  }
  if (files.length === 0 && sentences.length === 0) {
    sentences.push(
      folder
        ? "There are no files to upload in this folder. Choose another one."
        : "You did not drop any files. Drop files or folders from your disk.",
    );
  }
  return sentences.length > 0 ? sentences.join(" ") : undefined;
}
