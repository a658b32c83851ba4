/**
 * Immutable files of bytes. A blob belongs to exactly one row (an object or a part of an upload), so that nothing
 * counts references: a copy is a hard link of its own, and a file that no row names is an orphan.
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
  unlink,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { STORAGE_FULL } from "@rushes/core/full";
import { syncFolder } from "../disk/durable.ts";
import { freeBytes, unlessAbsent } from "../disk/files.ts";
import { isDiskFull } from "../disk/full.ts";
import { S3Error } from "./errors.ts";

/** How much space must stay free, for metadata and for the other services of the local stack. */
const RESERVE_BYTES = 128 * 1024 * 1024;

/** Access to the disk; tests replace it to simulate a full one. */
export interface Disk {
  freeBytes(folder: string): Promise<number>;
  /** Called before bytes are written. */
  beforeWrite?(bytes: number): void;
}

const DAY_MS = 86_400_000;

export const diskFull = () => new S3Error(STORAGE_FULL.wireCode, STORAGE_FULL.message);

/** Runs a write; a full disk becomes the error that the client receives. */
export async function asDiskFull<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (isDiskFull(error)) throw diskFull();
    throw error;
  }
}

const SIDECAR = ".json";
/** A sidecar that is being written. After a crash it is deleted. */
const NEW = ".new";

/** A blob that is being written. */
export interface BlobFile {
  write(chunks: Buffer[], bytes: number, position: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * `folder` holds each blob under its id and, as `<id>.json`, its sidecar (sidecar.ts). Blobs that no row names are
 * moved to `quarantine`, into a folder for each day.
 */
export class Blobs {
  readonly #folder: string;
  readonly #quarantine: string;
  readonly #disk: Disk;
  /** How many readers each blob has. */
  readonly #readers = new Map<string, number>();
  /** Blobs to delete after their last reader. */
  readonly #removed = new Set<string>();
  /** Whether names were added that may not be on the disk yet. */
  #isUnsynced = false;

  private constructor(folder: string, quarantine: string, disk: Disk) {
    this.#folder = folder;
    this.#quarantine = quarantine;
    this.#disk = disk;
  }

  static async open(
    folder: string,
    quarantine: string,
    disk: Disk = { freeBytes },
  ): Promise<Blobs> {
    await mkdir(folder, { recursive: true });
    return new Blobs(folder, quarantine, disk);
  }

  newId(): string {
    return randomBytes(16).toString("hex");
  }

  pathOf(id: string): string {
    return join(this.#folder, id);
  }

  sidecarOf(id: string): string {
    return this.pathOf(`${id}${SIDECAR}`);
  }

  /** @throws S3Error InsufficientStorage if the write would leave less than the reserve */
  async assertRoomFor(bytes: number): Promise<void> {
    if ((await this.#disk.freeBytes(this.#folder)) - bytes < RESERVE_BYTES) throw diskFull();
  }

  /** Creates a file. Its bytes are durable after its `sync` and `syncFolder`. */
  async create(id: string): Promise<BlobFile> {
    const handle = await asDiskFull(open(this.pathOf(id), "wx"));
    this.#isUnsynced = true;
    return {
      write: (chunks, bytes, position) =>
        asDiskFull(this.#writeAll(handle, chunks, bytes, position)),
      sync: () => asDiskFull(handle.datasync()),
      close: () => handle.close(),
    };
  }

  /** Makes the names of new blobs durable. */
  async syncFolder(): Promise<void> {
    // Windows can neither open a folder nor sync it; NTFS journals names itself.
    if (!this.#isUnsynced || process.platform === "win32") return;
    this.#isUnsynced = false;
    try {
      await asDiskFull(syncFolder(this.#folder));
    } catch (error) {
      this.#isUnsynced = true;
      throw error;
    }
  }

  /** Creates a second blob with the same bytes. */
  async copy(id: string, copyId: string): Promise<void> {
    await asDiskFull(link(this.pathOf(id), this.pathOf(copyId)));
    this.#isUnsynced = true;
  }

  /** Keeps blobs readable, even if they are removed, until the returned function is called. */
  pin(ids: string[]): () => void {
    for (const id of ids) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      for (const id of ids) this.#unpin(id);
    };
  }

  #unpin(id: string): void {
    const count = (this.#readers.get(id) ?? 1) - 1;
    if (count > 0) {
      this.#readers.set(id, count);
      return;
    }
    this.#readers.delete(id);
    // A file that cannot be deleted now is an orphan, which the next start removes.
    if (this.#removed.has(id)) void this.#delete(id).catch(() => {});
  }

  /** Removes blobs that no row names any more. A blob that is being read is deleted after its last reader. */
  async remove(ids: string[]): Promise<void> {
    for (const id of ids) {
      // First: a blob with a sidecar and without a row counts as one whose row was lost.
      await unlink(this.sidecarOf(id)).catch(unlessAbsent);
      if (this.#readers.has(id)) this.#removed.add(id);
      else await this.#delete(id);
    }
  }

  async #delete(id: string): Promise<void> {
    this.#removed.delete(id);
    await unlink(this.pathOf(id)).catch(unlessAbsent);
  }

  /** Replaces a blob's sidecar, completely or not at all. */
  async writeSidecar(id: string, text: string): Promise<void> {
    const path = this.sidecarOf(id);
    await writeFile(`${path}${NEW}`, text, { mode: 0o600 });
    await rename(`${path}${NEW}`, path);
  }

  /** The blob's length in bytes; undefined if it is missing. */
  sizeOf(id: string): Promise<number | undefined> {
    return stat(this.pathOf(id)).then(({ size }) => size, unlessAbsent);
  }

  /** The ids of all files in the folder. */
  async list(): Promise<{ blobs: Set<string>; sidecars: Set<string> }> {
    const found = { blobs: new Set<string>(), sidecars: new Set<string>() };
    for (const name of await readdir(this.#folder)) {
      if (name.endsWith(NEW)) await rm(this.pathOf(name), { force: true });
      else if (name.endsWith(SIDECAR)) found.sidecars.add(name.slice(0, -SIDECAR.length));
      else found.blobs.add(name);
    }
    return found;
  }

  /** Moves blobs with their sidecars to a folder that nothing reads; they are deleted days later. */
  async quarantine(ids: Iterable<string>, now = Date.now()): Promise<void> {
    const day = join(this.#quarantine, new Date(now).toISOString().slice(0, 10));
    await mkdir(day, { recursive: true });
    for (const id of ids) {
      for (const path of [this.pathOf(id), this.sidecarOf(id)]) {
        await rename(path, join(day, basename(path))).catch(unlessAbsent);
      }
    }
  }

  /** Deletes files that have been in quarantine for longer than `keepMs`. */
  async emptyQuarantine(keepMs: number, now = Date.now()): Promise<void> {
    for (const day of await readdir(this.#quarantine).catch(() => [])) {
      const ends = Date.parse(day) + DAY_MS + keepMs;
      if (ends < now) await rm(join(this.#quarantine, day), { recursive: true });
    }
  }

  async #writeAll(handle: FileHandle, chunks: Buffer[], bytes: number, position: number) {
    this.#disk.beforeWrite?.(bytes);
    let { bytesWritten } = await handle.writev(chunks, position);
    // The system may write less than it was given: as the disk fills, or over 2 GiB.
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
}
