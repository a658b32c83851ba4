import { expiryMs } from "@rushes/core/transfer/run";
import type { Info as Upload } from "@rushes/core/upload/schema";
import { rememberFile } from "./chosen-file.ts";
import { claimName } from "./claim-files.ts";
import type { EngineContext, FileTask } from "./engine-context.ts";
import { runFile } from "./file-task.ts";
import { openMore } from "./open-batch.ts";
import type { FileWaiting } from "./upload-file.ts";

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
  const { env, claims, store, tasks } = context;
  const { profile } = upload;
  const controller = new AbortController();
  const { signal } = controller;
  const task: FileTask = { file, profile, controller, sentBytes: 0 };
  tasks.set(key, task);
  context.opened.add(upload.id);
  rememberFile(signal, { file, profile });
  const chosen = { key, name: upload.fileName, sizeBytes: file.size, signal };
  store.dispatch({ type: "chosen", files: [chosen], atMs: env.now() });
  const expiresAtMs = expiryMs(upload, env.now());
  const open = { upload, requests: [], resumed: true, mustMatch: true, expiresAtMs };
  const claim = claimName(upload);
  const onWaiting = (waiting: FileWaiting | undefined) =>
    store.dispatch({ type: "waiting", key, signal, waiting });
  claims
    .take(claim, signal, () => onWaiting("other_tab"))
    .then(
      (endClaim) => {
        task.claim = claim;
        task.endClaim = endClaim;
        onWaiting(undefined);
        void runFile(context, key, open, () => openMore(context));
      },
      // It was canceled while another tab had it.
      () => {},
    );
}
