import type { DroppedItem } from "./drop.ts";

/** What a drop or a chosen folder came to. */
export interface FoundFiles {
  files: File[];
  /** Paths that the browser could not read; a path with a slash at its end is a folder. */
  unreadable: string[];
  /** Paths of hidden files inside folders, which are not uploaded. */
  hidden: string[];
  /** True when a folder was among what was given. */
  folder: boolean;
}

/** Notes that systems and file servers leave in folders. Nobody means to upload them. */
const SYSTEM = /^(?:\.ds_store|\.localized|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r)$/i;
/** Folders of the same kind, with everything in them. */
const SYSTEM_FOLDER =
  /^(?:__macosx|\.appledouble|\.spotlight-v100|\.trashes|\.trash-\d+|\.fseventsd|\.temporaryitems|@eadir|\$recycle\.bin|system volume information)$/i;

type Place = { kind: "file" | "system" } | { kind: "hidden"; path: string };

/**
 * What a path inside a folder is. The first name is the folder that was given, which was meant,
 * whatever it is called. For hidden ones `path` ends at the name that hides it.
 */
function placeOf(path: string): Place {
  const names = path.split("/");
  for (const [index, name] of names.entries()) {
    if (index === 0) continue;
    // "._clip.mov" holds what macOS knows of clip.mov beside its bytes.
    if (SYSTEM.test(name) || SYSTEM_FOLDER.test(name) || name.startsWith("._")) {
      return { kind: "system" };
    }
    if (name.startsWith(".")) return { kind: "hidden", path: names.slice(0, index + 1).join("/") };
  }
  return { kind: "file" };
}

const empty = (): FoundFiles => ({ files: [], unreadable: [], hidden: [], folder: false });

/** True when the path is to be taken; notes hidden ones. */
function takes(found: FoundFiles, path: string): boolean {
  const place = placeOf(path);
  if (place.kind === "hidden" && !found.hidden.includes(place.path)) found.hidden.push(place.path);
  return place.kind === "file";
}

/** The FileSystemEntry API tells kinds apart by flags: Chromium has no global `FileSystemFileEntry`. */
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** Takes an entry's files. An entry that cannot be read is noted, and the others go on. */
async function walk(entry: FileSystemEntry, found: FoundFiles): Promise<void> {
  const path = entry.fullPath.replace(/^\//, "") || entry.name;
  if (!takes(found, path)) return;
  try {
    if (isFile(entry)) {
      found.files.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
    } else if (isFolder(entry)) {
      await walkFolder(entry, found);
    } else {
      found.unreadable.push(path);
    }
  } catch {
    // A broken link, a folder without permission, a file that has just gone.
    found.unreadable.push(isFolder(entry) ? `${path}/` : path);
  }
}

async function walkFolder(folder: FileSystemDirectoryEntry, found: FoundFiles): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // A hundred entries at a time in Chromium, and none after the last.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const entry of entries) await walk(entry, found);
  }
}

/** Every file of a drop, in the order of dropping, with folders walked to their end. Never rejects. */
export async function readDropped(dropped: readonly DroppedItem[]): Promise<FoundFiles> {
  const found = empty();
  for (const one of dropped) {
    // A file that was dropped by itself was meant, whatever it is called.
    if (one instanceof File) found.files.push(one);
    else {
      found.folder ||= one.isDirectory;
      await walk(one, found);
    }
  }
  return found;
}

/** The files of a folder that was chosen with `<input webkitdirectory>`, which are all its files. */
export function readChosen(files: readonly File[]): FoundFiles {
  const found = { ...empty(), folder: true };
  for (const file of files) {
    if (takes(found, file.webkitRelativePath || file.name)) found.files.push(file);
  }
  return found;
}

/** How many names a sentence lists before it counts the others. */
const NAMED = 3;

function list(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  const named = paths.slice(0, NAMED).join(", ");
  return more > 0 ? `${named} and ${more} more` : named;
}

/** What the person must know of what is not uploaded; undefined when everything is. */
export function skippedSentence({
  files,
  unreadable,
  hidden,
  folder,
}: FoundFiles): string | undefined {
  const sentences: string[] = [];
  if (unreadable.length > 0) {
    sentences.push(
      `Your browser could not read ${list(unreadable)}. Check that you have permission to open it, then add it again.`,
    );
  }
  if (hidden.length > 0) {
    sentences.push(`Hidden files are not uploaded: ${list(hidden)}. Choose them as files instead.`);
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
