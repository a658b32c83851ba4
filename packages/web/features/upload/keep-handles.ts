import { SINGLE_LIMIT_BYTES } from "@rushes/core/upload/plan";
import { fileOf } from "./chosen-file.ts";
import type { Engine } from "./engine.ts";
import { handleOf } from "./file-handle.ts";
import type { dropFile, keepFile } from "./kept-files.ts";
import { ended } from "./status.ts";
import type { UploadFile } from "./upload-file.ts";

type Kept = { keepFile: typeof keepFile; dropFile: typeof dropFile };

/**
 * Keeps the handle of each file while its upload is not finished, so that one click continues it after a reload. A file
 * that is sent as a whole has nothing to continue. Returns a function that stops it.
 */
export function keepHandles(
  engine: Pick<Engine, "state" | "subscribe">,
  { keepFile, dropFile }: Kept,
): () => void {
  /** The uploads whose handles are kept, by the key of the file. */
  const kept = new Map<string, string>();

  function keep(file: Extract<UploadFile, { status: "sending" }>) {
    kept.set(file.key, file.uploadId);
    const chosen = fileOf(file.signal);
    if (!chosen) return;
    void handleOf(chosen.file).then((handle) => {
      // It may have ended meanwhile.
      if (handle && kept.get(file.key) === file.uploadId)
        return keepFile(file.uploadId, chosen.file, handle);
    });
  }

  function drop(key: string) {
    const id = kept.get(key);
    kept.delete(key);
    if (id !== undefined) void dropFile(id);
  }

  return engine.subscribe(() => {
    const gone = new Set(kept.keys());
    for (const file of engine.state().files) {
      // A failed file may be tried again, and it may be continued after a reload.
      if (!ended(file) || file.status === "failed") gone.delete(file.key);
      if (file.status !== "sending" || file.sizeBytes <= SINGLE_LIMIT_BYTES) continue;
      if (kept.get(file.key) === file.uploadId) continue;
      drop(file.key);
      keep(file);
    }
    for (const key of gone) drop(key);
  });
}
