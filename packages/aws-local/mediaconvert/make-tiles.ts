import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { EncodeRun } from "./encode-run.ts";
import { runOnOutputs } from "./second-run.ts";
import { startOf, tileArgs } from "./translate/images.ts";

/** Arranges the small pictures of each CMAF group in tiles. */
export async function makeTiles(run: EncodeRun): Promise<void> {
  for (const { images } of run.plan.cmaf) {
    if (!images) continue;
    const pictures = await filesOf(run.folder, images.pictures);
    if (pictures.length === 0) continue;
    const sizes = await Promise.all(pictures.map((path) => stat(path)));
    await runOnOutputs(run, {
      args: tileArgs(images),
      needBytes: sizes.reduce((sum, { size }) => sum + size, 0),
      clean: async () => {
        for (const path of await filesOf(run.folder, images.file)) await rm(path, { force: true });
      },
    });
  }
}

/** The paths of the files that a pattern names. */
async function filesOf(folder: string, pattern: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.startsWith(startOf(pattern)))
    .map((name) => join(folder, name));
}
