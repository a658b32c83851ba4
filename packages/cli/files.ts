import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { ClientError } from "@rushes/client";
import { kindOf } from "@rushes/core/transfer/path-kind";

/** Whether to upload a file of a folder: not if it is hidden, or if a system created it. */
export const isWanted = (folder: string, file: string): boolean =>
  kindOf([basename(folder), ...relative(folder, file).split(sep)].join("/")).kind === "file";

/** The files of a folder and of the folders in it that should be uploaded, in the order of their names. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => isWanted(folder, file))
    .sort();
}

/**
 * The files at this path: the file itself, or those of the folder. A path that does not exist is returned as a file: its
 * upload says what is wrong. Throws a `ClientError` if a folder has no files.
 */
export async function filesAt(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const files = await filesIn(path);
  if (files.length === 0) throw new ClientError("file", `There are no files to upload in ${path}.`);
  return files;
}
