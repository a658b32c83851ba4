import { expiryMs, type OpenUpload } from "@rushes/core/transfer/run";
import type { Info as Upload } from "@rushes/core/upload/schema";
import type { EngineContext } from "./engine-context.ts";

/** The same for the same file, also after a reload. The name and the size are compared apart from it. */
export const fingerprintOf = (file: File) => `browser ${file.lastModified}`;

type Candidate = { file: File; profile?: string | undefined; crc64nvme?: string };

/** An unfinished upload, to be continued with a file whose name, size and time may be those of another one. */
export const leftOpen = (upload: Upload, nowMs: number): OpenUpload => ({
  ...{ upload, requests: [], resumed: true, mustMatch: true },
  expiresAtMs: expiryMs(upload, nowMs),
});

/**
 * The unfinished uploads of these files among those that the server lists, which a page started that was closed or
 * reloaded. Each upload is continued once: its parts are compared with the file before any is skipped. Uploads of this
 * page are left out.
 */
export function matchUnfinished<T extends Candidate>(
  { env, tasks, discarded }: EngineContext,
  files: readonly T[],
  listed: readonly Upload[],
): Map<T, OpenUpload> {
  const found = new Map<T, OpenUpload>();
  const taken = new Set<string | undefined>(discarded);
  for (const { open } of tasks.values()) taken.add(open?.upload.id);
  for (const candidate of files) {
    const upload = listed.find((one) => !taken.has(one.id) && isSameFile(one, candidate));
    if (!upload) continue;
    taken.add(upload.id);
    const { crc64nvme } = candidate;
    found.set(candidate, { ...leftOpen(upload, env.now()), crc64nvme });
  }
  return found;
}

/** True if the upload is that of a file of this page, also before the server has answered that it was created. */
export function owns({ tasks, opened, discarded }: EngineContext, upload: Upload): boolean {
  if (opened.has(upload.id) || discarded.has(upload.id)) return true;
  return [...tasks.values()].some((task) => !task.open && isSameFile(upload, task));
}

/** True if the upload is that of this file, for this profile. */
export function isSameFile(upload: Upload, { file, profile }: Candidate): boolean {
  return (
    upload.fingerprint === fingerprintOf(file) &&
    upload.fileName === file.name &&
    upload.sizeBytes === file.size &&
    upload.profile === profile
  );
}
