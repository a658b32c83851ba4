import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { PlannedOutput } from "./translate/plan.ts";

/** A file in the work folder, and the key of its object. */
export interface OutputFile {
  output: PlannedOutput;
  path: string;
  key: string;
}

/** The files that ffmpeg wrote. An output with captures has many. */
export async function findOutputFiles(
  folder: string,
  outputs: PlannedOutput[],
): Promise<OutputFile[]> {
  const files = (await readdir(folder)).sort();
  return outputs.flatMap((output) => {
    const [stem = "", tail = ""] = output.file.split("%07d");
    const written = output.capture
      ? files.filter((file) => file.startsWith(stem) && file.endsWith(tail))
      : files.filter((file) => file === output.file);
    return written.map((file) => {
      const number = output.capture ? `.${file.slice(stem.length, stem.length + 7)}` : "";
      const key = `${output.keyStem}${number}.${output.extension}`;
      return { output, path: join(folder, file), key };
    });
  });
}
