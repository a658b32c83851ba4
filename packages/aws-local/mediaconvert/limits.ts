import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { SOURCE_LIMITS } from "../../core/source-limits.ts";
import { JOB_ERRORS, JobError } from "./errors.ts";

/** The limits of one encode. A 2160p source with six renditions takes 1.75 GB on two cores. */
export const ENCODER_LIMITS = {
  framePixels: SOURCE_LIMITS.maxFramePixels,
  memoryBytes: 4 * 1024 ** 3,
  /** Twelve hours of renditions with a total of 37 Mb/s. */
  outputBytes: 200_000_000_000,
  baseSeconds: 900,
  /** Seconds of work for each encoded second. A slow machine needs about twenty at 2160p60. */
  timeFactor: 30,
};
export type EncoderLimits = typeof ENCODER_LIMITS;

/** Memory can grow by about 100 MB between two checks. */
const CHECK_MS = 250;

export interface LimitedRun {
  /** Undefined until the program has started. */
  pid(): number | undefined;
  /** Its output folder. */
  folder: string;
  /** How many seconds of output it has encoded. */
  seconds(): number;
  /** Stops it. The job fails with this error. */
  stop(error: JobError): void;
}

/** Stops a run that exceeds a limit. Returns a function that ends the checks. */
export function watch(run: LimitedRun, limits: EncoderLimits): () => void {
  const began = Date.now();
  let busy = false;
  const check = async () => {
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
    void check()
      .then((error) => error && run.stop(error))
      .finally(() => {
        busy = false;
      });
  }, CHECK_MS);
  return () => clearInterval(timer);
}

/** The core parses the number in the message, and shows nothing else of it. */
export function limitError(
  code: JobError["code"],
  what: string,
  limit: number,
  unit: string,
): JobError {
  return new JobError(code, `${what} limit of ${limit} ${unit}.`);
}

/** The memory that a process uses, in bytes; 0 without /proc or after its exit. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** The total size of the files in a folder. */
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
