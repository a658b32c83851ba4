import { expiryMs } from "@rushes/core/transfer/run";
import type { Info as Upload } from "@rushes/core/upload/schema";
import { rememberFile } from "./chosen-file.ts";
import type { EngineContext } from "./engine-context.ts";
import { runFile } from "./file-task.ts";
import { openMore } from "./open-batch.ts";

/**
 * Continues an unfinished upload with its file, which has the upload's size: what was sent is compared with it first.
 * The file becomes what the upload was started for, whatever profile is chosen now.
 */
export function continueUpload(
  context: EngineContext,
  key: string,
  upload: Upload,
  file: File,
): void {
  const { env, store, tasks } = context;
  const { profile } = upload;
  const controller = new AbortController();
  const { signal } = controller;
  tasks.set(key, { file, profile, controller, sentBytes: 0 });
  rememberFile(signal, { file, profile });
  const chosen = { key, name: upload.fileName, sizeBytes: file.size, signal };
  store.dispatch({ type: "chosen", files: [chosen], atMs: env.now() });
  const expiresAtMs = expiryMs(upload, env.now());
  const open = { upload, requests: [], resumed: true, mustMatch: true, expiresAtMs };
  void runFile(context, key, open, () => openMore(context));
}
