import { withRetry } from "@rushes/core/transfer/retry";
import type { Info as Upload } from "@rushes/core/upload/schema";
import type { EngineContext } from "./engine-context.ts";
import { giveClaim, runFile } from "./file-task.ts";
import { fingerprintOf, isSameFile, leftOpen } from "./resume.ts";

/** A file as its upload names it. The same file for another profile is another upload. */
type Named = Pick<Upload, "fileName" | "sizeBytes" | "fingerprint" | "profile">;

/** The name of the claim on a file. */
export function claimName({ fileName, sizeBytes, fingerprint, profile }: Named): string {
  return `rushes-upload ${JSON.stringify([fileName, sizeBytes, fingerprint, profile])}`;
}

const nameOf = ({ file, profile }: Pick<Chosen, "file" | "profile">) =>
  claimName({
    fileName: file.name,
    sizeBytes: file.size,
    fingerprint: fingerprintOf(file),
    ...(profile !== undefined && { profile }),
  });

interface Chosen {
  key: string;
  file: File;
  profile?: string | undefined;
  signal: AbortSignal;
}

/**
 * Claims these files. Resolves with those that this tab may send now. The others are being sent by another tab: once it has
 * ended or closed, they continue here, or are passed to `open` if nothing of them is on the server.
 */
export async function claimFiles<T extends Chosen>(
  context: EngineContext,
  files: readonly T[],
  open: (key: string) => void,
): Promise<T[]> {
  const claimed = await Promise.all(files.map((file) => claimFile(context, file, open)));
  return files.filter((_, index) => claimed[index]);
}

/** Resolves with false if another tab has the file, and at once then. */
function claimFile(
  context: EngineContext,
  chosen: Chosen,
  open: (key: string) => void,
): Promise<boolean> {
  const { claims, store, tasks } = context;
  const { key, signal } = chosen;
  const task = tasks.get(key);
  if (!task || task.endClaim) return Promise.resolve(true);
  const name = nameOf(chosen);
  return new Promise((resolve) => {
    let others: Promise<string | undefined> | undefined;
    const onTaken = () => {
      others = uploadOfOther(context, chosen);
      store.dispatch({ type: "waiting", key, signal, waiting: "other_tab" });
      resolve(false);
    };
    claims.take(name, signal, onTaken).then(
      async (end) => {
        const isGiven = giveClaim(task, signal, { name, end });
        resolve(isGiven);
        if (!isGiven || !others) return;
        await continueAfter(context, chosen, await others, open);
      },
      () => resolve(false),
    );
  });
}

/** The upload that the other tab has made of this file by now. */
async function uploadOfOther(
  { env }: EngineContext,
  { file, profile, signal }: Chosen,
): Promise<string | undefined> {
  try {
    const listed = await withRetry(() => env.api.openUploads(signal), env, signal);
    return listed.find((upload) => isSameFile(upload, { file, profile }))?.id;
  } catch {
    return undefined;
  }
}

/** Continues what the other tab has left. If it has completed the upload, this finds the job. */
async function continueAfter(
  context: EngineContext,
  chosen: Chosen,
  foundId: string | undefined,
  open: (key: string) => void,
): Promise<void> {
  const { env, store } = context;
  const { key, signal } = chosen;
  const id = env.tabs?.uploadOf(nameOf(chosen)) ?? foundId;
  store.dispatch({ type: "waiting", key, signal, waiting: undefined });
  const upload = id === undefined ? undefined : await uploadOf(context, id, signal);
  if (signal.aborted) return;
  const isLeft = upload && upload.status !== "aborted" && upload.status !== "expired";
  if (!isLeft) return open(key);
  void runFile(context, key, leftOpen(upload, env.now()));
}

async function uploadOf(
  { env }: EngineContext,
  id: string,
  signal: AbortSignal,
): Promise<Upload | undefined> {
  try {
    return await withRetry(() => env.api.fromId(id, signal), env, signal);
  } catch {
    return undefined;
  }
}
