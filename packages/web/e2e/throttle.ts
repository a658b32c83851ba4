/** An encoder that a test can make slower than real time, on a machine of any speed. */
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FFMPEG, FFPROBE } from "@rushes/testing/clips";

/** Of real time. */
const SPEED = 0.5;
const switchIn = (folder: string) => join(folder, "throttled");

/**
 * Writes a program that runs ffmpeg, and returns the settings of a stack that uses it. While the encoder is throttled,
 * it reads the source of a job at half of its speed.
 */
export async function writeThrottledFfmpeg(folder: string): Promise<Record<string, string>> {
  const path = join(folder, "ffmpeg");
  const script = [
    "#!/bin/sh",
    // Only the runs that read a source: what they write is packaged at full speed.
    'case "$*" in */inputs/*) source=1 ;; esac',
    `if [ -n "$source" ] && [ -e "${switchIn(folder)}" ]; then set -- -readrate ${SPEED} "$@"; fi`,
    `exec "${FFMPEG}" "$@"`,
  ];
  await writeFile(path, `${script.join("\n")}\n`);
  await chmod(path, 0o755);
  return { FFMPEG_PATH: path, FFPROBE_PATH: FFPROBE };
}

/** Throttles the encodes that start while `act` runs. */
export async function throttled<T>(act: () => Promise<T>): Promise<T> {
  const path = switchIn(process.env.RUSHES_E2E_THROTTLE ?? "");
  await writeFile(path, "");
  try {
    return await act();
  } finally {
    await rm(path);
  }
}
