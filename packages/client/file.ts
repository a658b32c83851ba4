import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { UploadError } from "@rushes/core/transfer/upload-error";
import { ClientError } from "./error.ts";

/** A file on disk, as it was when it was opened. */
export interface LocalFile {
  path: string;
  name: string;
  sizeBytes: number;
  /** Reads from the disk on demand. */
  blob: Blob;
  /** The same for the same bytes at the same path, and another one after any change. */
  fingerprint: string;
  /** Rejects with the problem `unreadable` if the file was changed, replaced or deleted. */
  assertUnchanged(): Promise<void>;
}

/**
 * What changes when a file is written or replaced. A program can set the time of the last write, but not that of the last
 * change.
 */
async function versionOf(path: string) {
  const stats = await stat(path, { bigint: true });
  const { size, mtimeNs, ctimeNs, ino } = stats;
  return { isFile: stats.isFile(), version: [size, mtimeNs, ctimeNs, ino].join(" ") };
}

/** Throws a `ClientError` with the code `file` if there is no file that can be read. */
export async function openFile(path: string): Promise<LocalFile> {
  try {
    const { isFile, version } = await versionOf(path);
    if (!isFile) throw new ClientError("file", `${path} is not a file.`);
    const blob = await openAsBlob(path);
    const identity = JSON.stringify([await realpath(path), version]);
    return {
      path,
      name: basename(path),
      sizeBytes: blob.size,
      blob,
      fingerprint: createHash("sha256").update(identity).digest("hex"),
      async assertUnchanged() {
        const now = await versionOf(path).catch(() => undefined);
        if (now?.version !== version) throw unreadable();
      },
    };
  } catch (error) {
    if (error instanceof ClientError) throw error;
    throw new ClientError("file", sentenceOf(path, error));
  }
}

function sentenceOf(path: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return `There is no file ${path}.`;
  if (code === "EACCES" || code === "EPERM") return `You have no permission to read ${path}.`;
  return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

export function unreadable(): UploadError {
  return new UploadError({ type: "fail", problem: { type: "unreadable" } });
}
