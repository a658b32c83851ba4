/** A real disk that is small enough to be filled. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, statfsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MIB = 1024 ** 2;

export interface SmallDisk {
  folder: string;
  freeBytes(): number;
  /** Fills the disk until so many bytes are left: none, by default. */
  fill(leaveBytes?: number): Promise<void>;
  /** Gives the space back. */
  clear(): Promise<void>;
  close(): void;
}

/** Runs a command as root, where that takes no password. */
function asRoot(...command: [string, ...string[]]): void {
  const [program, ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  execFileSync(program ?? "", args, { stdio: "pipe" });
}

/**
 * Mounts a file system in memory. Undefined where that is not allowed, which a line says; never on a
 * machine that runs the tests for others (`CI`), where it throws.
 */
export function smallDisk(sizeMib: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), "rushes-disk-"));
  try {
    const owner = `uid=${process.getuid?.() ?? 0},gid=${process.getgid?.() ?? 0}`;
    asRoot("mount", "-t", "tmpfs", "-o", `size=${sizeMib}m,${owner}`, "tmpfs", folder);
  } catch (error) {
    rmdirSync(folder);
    if (process.env.CI) throw error;
    process.stderr.write("No disk can be mounted here, so a full one is not tested.\n");
    return undefined;
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
