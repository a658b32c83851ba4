import type { Info as Upload } from "@rushes/core/upload/schema";
import { claimName } from "./claim-files.ts";
import type { Claims } from "./claims.ts";
import type { Engine } from "./engine.ts";
import type { KeptFile } from "./kept-files.ts";
import { reopenFile } from "./reopen-file.ts";

interface Environment {
  engine: Pick<Engine, "owns" | "continueUpload">;
  claims: Pick<Claims, "take">;
  keptFile(uploadId: string): Promise<KeptFile | undefined>;
  /** True if the server waits for more of the upload. */
  isOpen(uploadId: string): Promise<boolean>;
}

/**
 * Waits until no other tab sends this upload. If that tab has left it unfinished, and the browser may read its file without
 * asking, it continues here. Resolves then, and when `signal` aborts the wait.
 */
export async function takeOver(upload: Upload, env: Environment, signal: AbortSignal) {
  let end: () => void;
  try {
    end = await env.claims.take(claimName(upload), signal);
  } catch {
    return;
  }
  try {
    const kept = await env.keptFile(upload.id);
    const file = kept && (await reopenFile(kept, { ask: false }));
    if (!(file instanceof File) || env.engine.owns(upload)) return;
    // The engine has its own share of the claim before this one ends.
    if (await env.isOpen(upload.id)) env.engine.continueUpload(upload, file);
  } finally {
    end();
  }
}
