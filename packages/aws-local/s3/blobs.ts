/**
 * Immutable files of bytes. A blob belongs to exactly one row (an object or a part of an upload), so
 * nothing counts references: a copy is a hard link of its own, and whatever no row names is an orphan.
 */
import { randomBytes } from "node:crypto";
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  statfs,
  unlink,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { STORAGE_FULL } from "@rushes/core/full";
import { isDiskFull } from "../disk/full.ts";
import { S3Error } from "./errors.ts";

/** How much space must stay free, for metadata and for the other parts of the home. */
const RESERVE_BYTES = 128 * 1024 * 1024;

/** What is asked about the disk; a test gives its own to play a full one. */
export interface Disk {
  freeBytes(folder: string): Promise<number>;
  /** Called before bytes are written. */
  beforeWrite?(bytes: number): void;
}

const realDisk: Disk = {
  async freeBytes(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

const DAY_MS = 86_400_000;

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

export const diskFull = () => new S3Error(STORAGE_FULL.wireCode, STORAGE_FULL.message);

/** Runs a write; a full disk becomes the error that the client is told. */
export async function asDiskFull<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (isDiskFull(error)) throw diskFull();
    throw error;
  }
}

export type Blobs = Awaited<ReturnType<typeof openBlobs>>;

const SIDECAR = ".json";
/** A sidecar that is being written; one that a crash left means nothing. */
const NEW = ".new";

/**
 * `folder` holds each blob under its id and, as `<id>.json`, what is known of it (sidecar.ts). Blobs that no row
 * names are moved to `quarantine`, into a folder for each day.
 */
export async function openBlobs(folder: string, quarantine: string, disk: Disk = realDisk) {
  await mkdir(folder, { recursive: true });
  const held = new Map<string, number>();
  const doomed = new Set<string>();
  /** Whether names were added that may not be on the disk yet. */
  let unsynced = false;
  const pathOf = (id: string) => join(folder, id);
  const sidecarOf = (id: string) => pathOf(`${id}${SIDECAR}`);

  async function drop(id: string): Promise<void> {
    doomed.delete(id);
    await unlink(pathOf(id)).catch(unlessAbsent);
  }

  async function writeAll(handle: FileHandle, chunks: Buffer[], bytes: number, position: number) {
    disk.beforeWrite?.(bytes);
    let { bytesWritten } = await handle.writev(chunks, position);
    // The system may take less than it was given: as the disk fills, or past 2 GiB.
    const rest = bytesWritten < bytes ? Buffer.concat(chunks) : undefined;
    while (rest && bytesWritten < bytes) {
      const more = await handle.write(
        rest,
        bytesWritten,
        bytes - bytesWritten,
        position + bytesWritten,
      );
      bytesWritten += more.bytesWritten;
    }
  }

  return {
    pathOf,
    newId: () => randomBytes(16).toString("hex"),

    /** @throws S3Error InsufficientStorage when that many bytes more would touch the reserve. */
    async assertRoomFor(bytes: number): Promise<void> {
      if ((await disk.freeBytes(folder)) - bytes < RESERVE_BYTES) throw diskFull();
    },

    /** A new file; the bytes count as stored after its `sync` and the folder's. */
    async create(id: string) {
      const handle = await asDiskFull(open(pathOf(id), "wx"));
      unsynced = true;
      return {
        write: (chunks: Buffer[], bytes: number, position: number) =>
          asDiskFull(writeAll(handle, chunks, bytes, position)),
        sync: () => asDiskFull(handle.datasync()),
        close: () => handle.close(),
      };
    },

    /** Makes the names of new blobs durable. */
    async syncFolder(): Promise<void> {
      // Windows can neither open a folder nor sync it; NTFS journals names by itself.
      if (!unsynced || process.platform === "win32") return;
      const handle = await open(folder, "r");
      unsynced = false;
      try {
        await asDiskFull(handle.sync());
      } catch (error) {
        unsynced = true;
        throw error;
      } finally {
        await handle.close();
      }
    },

    /** A second name for a blob's bytes, with a life of its own. */
    async copy(id: string, copyId: string): Promise<void> {
      await asDiskFull(link(pathOf(id), pathOf(copyId)));
      unsynced = true;
    },

    /** Keeps blobs readable until the returned function is called, even if they are removed meanwhile. */
    hold(ids: string[]): () => void {
      for (const id of ids) held.set(id, (held.get(id) ?? 0) + 1);
      let released = false;
      return () => {
        if (released) return;
        released = true;
        for (const id of ids) {
          const count = (held.get(id) ?? 1) - 1;
          if (count > 0) held.set(id, count);
          else held.delete(id);
          // A file that cannot be deleted now is an orphan that the next start sweeps.
          if (count === 0 && doomed.has(id)) void drop(id).catch(() => {});
        }
      };
    },

    /** Removes blobs that no row names any more; those that are being read go after their last reader. */
    async remove(ids: string[]): Promise<void> {
      for (const id of ids) {
        // First: a blob with a sidecar and without a row counts as one whose row was lost.
        await unlink(sidecarOf(id)).catch(unlessAbsent);
        if (held.has(id)) doomed.add(id);
        else await drop(id);
      }
    },

    /** Writes what is known of a blob beside it, in place of what was there. Whole, or as before. */
    async describe(id: string, text: string): Promise<void> {
      const path = sidecarOf(id);
      await writeFile(`${path}${NEW}`, text, { mode: 0o600 });
      await rename(`${path}${NEW}`, path);
    },

    sidecarOf,

    /** The blob's length in bytes; undefined if it is missing. */
    sizeOf: (id: string): Promise<number | undefined> =>
      stat(pathOf(id)).then(({ size }) => size, unlessAbsent),

    /** The ids that there are. */
    async list(): Promise<{ blobs: Set<string>; sidecars: Set<string> }> {
      const found = { blobs: new Set<string>(), sidecars: new Set<string>() };
      for (const name of await readdir(folder)) {
        if (name.endsWith(NEW)) await rm(pathOf(name), { force: true });
        else if (name.endsWith(SIDECAR)) found.sidecars.add(name.slice(0, -SIDECAR.length));
        else found.blobs.add(name);
      }
      return found;
    },

    /** Puts blobs with their sidecars where nothing reads them; they are deleted days later. */
    async quarantine(ids: Iterable<string>, now = Date.now()): Promise<void> {
      const day = join(quarantine, new Date(now).toISOString().slice(0, 10));
      await mkdir(day, { recursive: true });
      for (const id of ids) {
        for (const path of [pathOf(id), sidecarOf(id)]) {
          await rename(path, join(day, basename(path))).catch(unlessAbsent);
        }
      }
    },

    /** Deletes what has been in quarantine for longer than this. */
    async emptyQuarantine(keptMs: number, now = Date.now()): Promise<void> {
      for (const day of await readdir(quarantine).catch(() => [])) {
        const ends = Date.parse(day) + DAY_MS + keptMs;
        if (ends < now) await rm(join(quarantine, day), { recursive: true });
      }
    },
  };
}
