/** An encoder that a test can make slower than real time, on a machine of any speed. */
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FFMPEG, FFPROBE } from "@rushes/testing/clips";

/** Holds the speed while the encoder is throttled. */
const speedFile = (folder: string) => join(folder, "speed");

/**
 * Writes a program that runs ffmpeg into a new folder, and returns the settings of a stack that uses it. While the
 * encoder is throttled, it reads the source of a job at a part of its speed.
 */
export async function writeThrottledFfmpeg(folder: string): Promise<Record<string, string>> {
  await mkdir(folder);
  const path = join(folder, "ffmpeg");
  const file = speedFile(folder);
  const script = [
    "#!/bin/sh",
    // Only the runs that read a source: what they write is packaged at full speed.
    'case "$*" in */inputs/*) source=1 ;; esac',
    `if [ -n "$source" ] && [ -e "${file}" ]; then set -- -readrate "$(cat "${file}")" "$@"; fi`,
    `exec "${FFMPEG}" "$@"`,
  ];
  await writeFile(path, `${script.join("\n")}\n`);
  await chmod(path, 0o755);
  return { FFMPEG_PATH: path, FFPROBE_PATH: FFPROBE };
}

/** Throttles the encodes that start while `act` runs to a part of real time. `folder` belongs to their stack. */
export async function throttled<T>(
  { folder, speed }: { folder: string | undefined; speed: number },
  act: () => Promise<T>,
): Promise<T> {
  const path = speedFile(folder ?? "");
  await writeFile(path, String(speed));
  try {
    return await act();
  } finally {
    await rm(path);
  }
}
