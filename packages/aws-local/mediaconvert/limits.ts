import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { SOURCE_LIMITS } from "../../core/source/limits.ts";
import { JOB_ERRORS, JobError } from "./errors.ts";

/** What one encode may use. A 2160p source with six renditions takes 1.75 GB on two cores. */
export const ENCODER_LIMITS = {
  framePixels: SOURCE_LIMITS.maxFramePixels,
  memoryBytes: 4 * 1024 ** 3,
  /** Twelve hours of renditions with 37 Mb/s together. */
  outputBytes: 200_000_000_000,
  baseSeconds: 900,
  /** Seconds of work for each second that was encoded: a slow machine at 2160p60 needs some twenty. */
  timeFactor: 30,
};
export type EncoderLimits = typeof ENCODER_LIMITS;

/** Memory can grow by some 100 MB between two looks. */
const LOOK_MS = 250;

export interface LimitedRun {
  /** Undefined until the program has started. */
  pid(): number | undefined;
  /** Where it writes. */
  folder: string;
  /** How much of the output it has encoded. */
  seconds(): number;
  /** Ends the run, with what its job ends with. */
  stop(error: JobError): void;
}

/** Watches a run, and stops it where it exceeds a limit. Returns what ends the watch. */
export function watch(run: LimitedRun, limits: EncoderLimits): () => void {
  const began = Date.now();
  let busy = false;
  const look = async () => {
    const spent = (Date.now() - began) / 1000;
    const allowed = Math.round(limits.baseSeconds + limits.timeFactor * run.seconds());
    if (spent > allowed) {
      return limitError(JOB_ERRORS.timeLimit, "The job took longer than its", allowed, "seconds");
    }
    const pid = run.pid();
    if (pid !== undefined && (await memoryOf(pid)) > limits.memoryBytes) {
      const { memoryBytes } = limits;
      return limitError(
        JOB_ERRORS.memoryLimit,
        "The encoder used more than its",
        memoryBytes,
        "bytes",
      );
    }
    if ((await bytesIn(run.folder)) > limits.outputBytes) {
      const { outputBytes } = limits;
      return limitError(
        JOB_ERRORS.outputLimit,
        "The outputs have more than their",
        outputBytes,
        "bytes",
      );
    }
    return undefined;
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void look()
      .then((error) => error && run.stop(error))
      .finally(() => {
        busy = false;
      });
  }, LOOK_MS);
  return () => clearInterval(timer);
}

/** The core reads the number out of the sentence: nothing else of it is shown. */
export function limitError(
  code: JobError["code"],
  what: string,
  limit: number,
  unit: string,
): JobError {
  return new JobError(code, `${what} limit of ${limit} ${unit}.`);
}

/** The memory that a process has in use, in bytes; 0 where the system has no /proc, or it has ended. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** What the files of a folder have together. */
export async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
