import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { ClientError } from "@rushes/client";
import { kindOf } from "@rushes/core/transfer/path-kind";

/**
 * The files at this path: the file itself, or those of the folder and the folders in it, in the order of their names.
 * Leaves out hidden files and those that systems create. A path that does not exist is returned as a file: its upload
 * says what is wrong. Throws a `ClientError` if a folder has no files.
 */
export async function filesAt(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        kindOf([basename(path), ...relative(path, file).split(sep)].join("/")).kind === "file",
    );
  if (files.length === 0) throw new ClientError("file", `There are no files to upload in ${path}.`);
  return files.sort();
}
