import { isolate } from "../../lib/isolate.ts";
import { rememberHandle } from "./file-handle.ts";
import type { KeptFile } from "./kept-files.ts";
import { shortName } from "./names.ts";

/** Why a kept file cannot continue its upload. */
export type ReopenProblem = "denied" | "changed" | "gone";

export const REOPEN_SENTENCES: Record<ReopenProblem, (name: string) => string> = {
  denied: (name) =>
    `Your browser did not get permission to read ${isolate(shortName(name))}. Try again.`,
  changed: (name) =>
    `${isolate(shortName(name))} has changed since this upload started. Choose the original file, or discard this upload.`,
  gone: (name) => `${isolate(shortName(name))} was moved or deleted. Choose the file to continue.`,
};

/** Opens a kept file again. With `ask`, the browser may ask the user, who must have clicked just before. */
export async function reopenFile(
  { handle, sizeBytes, lastModified }: Pick<KeptFile, "handle" | "sizeBytes" | "lastModified">,
  { ask }: { ask: boolean },
): Promise<File | ReopenProblem> {
  try {
    const permission = ask
      ? await handle.requestPermission?.({ mode: "read" })
      : await handle.queryPermission?.({ mode: "read" });
    if (permission !== undefined && permission !== "granted") return "denied";
  } catch {
    return "denied";
  }
  let file: File;
  try {
    file = await handle.getFile();
  } catch (error) {
    const isDenied = error instanceof DOMException && error.name === "NotAllowedError";
    return isDenied ? "denied" : "gone";
  }
  if (file.size !== sizeBytes || file.lastModified !== lastModified) return "changed";
  rememberHandle(file, handle);
  return file;
}
