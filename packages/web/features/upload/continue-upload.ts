import type { Info as Upload } from "@rushes/core/upload/schema";
import { claimName } from "./claim-files.ts";
import type { EngineContext } from "./engine-context.ts";
import { createTask, giveClaim, runFile } from "./file-task.ts";
import { leftOpen } from "./resume.ts";
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
  const { env, claims, store } = context;
  const task = createTask(context, key, { file, profile: upload.profile });
  const { signal } = task.controller;
  context.opened.add(upload.id);
  const chosen = { key, name: upload.fileName, sizeBytes: file.size, signal };
  store.dispatch({ type: "chosen", files: [chosen], atMs: env.now() });
  const name = claimName(upload);
  const onWaiting = (waiting: FileWaiting | undefined) =>
    store.dispatch({ type: "waiting", key, signal, waiting });
  claims
    .take(name, signal, () => onWaiting("other_tab"))
    .then(
      (end) => {
        if (!giveClaim(task, signal, { name, end })) return;
        onWaiting(undefined);
        void runFile(context, key, leftOpen(upload, env.now()));
      },
      // It was canceled while another tab had it.
      () => {},
    );
}
