/**
 * Handles of files, with which the browser can open a file again after a reload. Chromium gives them with its own file
 * picker and with drops; other browsers and `<input type=file>` give none.
 */

/** A handle with what TypeScript's types of the DOM lack. */
export interface FileHandle extends FileSystemFileHandle {
  /** Absent where a handle needs no permission. */
  queryPermission?(options: { mode: "read" }): Promise<PermissionState>;
  /** Asks the user, who must have clicked just before. */
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

type Given = FileHandle | Promise<FileHandle | undefined> | undefined;

const handles = new WeakMap<File, Given>();

/** Remembers the handle of a file as long as the page has the file. */
export function rememberHandle(file: File, handle: Given): void {
  handles.set(file, handle);
}

/** The handle of a file. Undefined if the browser gave none. */
export async function handleOf(file: File): Promise<FileHandle | undefined> {
  return handles.get(file);
}
