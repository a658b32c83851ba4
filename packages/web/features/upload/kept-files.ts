import type { FileHandle } from "./file-handle.ts";

/** What the browser keeps of a file whose upload is not finished. */
export interface KeptFile {
  uploadId: string;
  handle: FileHandle;
  /** The file as it was sent. */
  sizeBytes: number;
  lastModified: number;
  keptAtMs: number;
}

/** Signing out deletes it. */
const DATABASE = "rushes-uploads";
const STORE = "files";
/** An upload may be younger than the list of uploads that another tab has fetched. */
const GRACE_MS = 60_000;

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Runs one request. Private windows and some settings forbid IndexedDB: then nothing is kept, and the user chooses the file
 * again. An open connection would keep the database from being deleted, so each request opens its own.
 */
async function run<T>(
  mode: IDBTransactionMode,
  request: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore(STORE, { keyPath: "uploadId" satisfies keyof KeptFile });
    const database = await resultOf(opening);
    try {
      return await resultOf(request(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

export async function keepFile(uploadId: string, file: File, handle: FileHandle): Promise<void> {
  const { size: sizeBytes, lastModified } = file;
  const kept: KeptFile = { uploadId, handle, sizeBytes, lastModified, keptAtMs: Date.now() };
  await run("readwrite", (store) => store.put(kept));
}

export async function dropFile(uploadId: string): Promise<void> {
  await run("readwrite", (store) => store.delete(uploadId));
}

export const keptFile = (uploadId: string): Promise<KeptFile | undefined> =>
  run("readonly", (store) => store.get(uploadId));

/** The files of these open uploads. Those of all other uploads are dropped: they have ended, or are another user's. */
export async function keptFiles(
  openIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, KeptFile>> {
  // Only this module writes to the store.
  const kept: KeptFile[] = (await run("readonly", (store) => store.getAll())) ?? [];
  const found = kept.filter(({ uploadId }) => openIds.has(uploadId));
  for (const { uploadId, keptAtMs } of kept) {
    const isOver = !openIds.has(uploadId) && keptAtMs < Date.now() - GRACE_MS;
    if (isOver) await dropFile(uploadId);
  }
  return new Map(found.map((file) => [file.uploadId, file]));
}
