/** A real file system that is small enough to fill. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, statfsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MIB = 1024 ** 2;

export interface SmallDisk {
  folder: string;
  freeBytes(): number;
  /** Fills the disk until this many bytes are left: none by default. */
  fill(leaveBytes?: number): Promise<void>;
  /** Frees the space again. */
  clear(): Promise<void>;
  close(): void;
}

/** Runs a command as root, if that requires no password. */
function asRoot(...command: [string, ...string[]]): void {
  const [program, ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  execFileSync(program ?? "", args, { stdio: "pipe" });
}

/** Mounts a file system in memory. Throws if that is not allowed: a test without its disk must not pass. */
export function smallDisk(sizeMib: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "rushes-disk-"));
  try {
    const owner = `uid=${process.getuid?.() ?? 0},gid=${process.getgid?.() ?? 0}`;
    asRoot("mount", "-t", "tmpfs", "-o", `size=${sizeMib}m,${owner}`, "tmpfs", folder);
  } catch (error) {
    rmdirSync(folder);
    throw new Error(
      "This test mounts a small disk to fill it. Run it as root, or allow sudo without a password.",
      { cause: error },
    );
  }
  const filler = join(folder, "filler");
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return {
    folder,
    freeBytes,
    async fill(leaveBytes = 0) {
      const file = await open(filler, "a");
      try {
        for (let left = freeBytes() - leaveBytes; left > 0; left = freeBytes() - leaveBytes) {
          await file.write(Buffer.alloc(Math.min(left, 4 * MIB)));
        }
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      } finally {
        await file.close();
      }
    },
    clear: () => rm(filler, { force: true }),
    close() {
      // Lazily: a process that is ending may still hold a file.
      asRoot("umount", "-l", folder);
      rmdirSync(folder);
    },
  };
}
