import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { EncodeRun } from "./encode-run.ts";
import { runOnOutputs } from "./second-run.ts";
import type { EncodePlan } from "./translate/plan.ts";

/** Writes the outputs that consist of tracks of a CMAF group, without encoding them again. */
export async function copyTracks(run: EncodeRun): Promise<void> {
  const { folder, plan } = run;
  const copies = copiesOf(plan);
  if (copies.size === 0) return;
  const sources = [...copies.values()].flat();
  const sizes = await Promise.all(sources.map((name) => stat(join(folder, name))));
  const needBytes = sizes.reduce((sum, { size }) => sum + size, 0);
  const clean = async () => {
    for (const name of copies.keys()) await rm(join(folder, name), { force: true });
  };
  await runOnOutputs(run, { args: copyArgs(plan), needBytes, clean });
}

/** The files to write, each with the files of its tracks. */
function copiesOf({ outputs }: EncodePlan): Map<string, string[]> {
  const copies = new Map<string, string[]>();
  for (const { file, tracks = [] } of outputs) {
    const names = tracks.map((track) => `${track.file}.mp4`);
    if (names.length > 0) copies.set(file, names);
  }
  return copies;
}

/** ffmpeg's arguments for all files: one command, so that each track is opened once. */
export function copyArgs(plan: EncodePlan): string[] {
  const copies = copiesOf(plan);
  const sources = [...new Set([...copies.values()].flat())];
  const inputs = sources.flatMap((name) => ["-protocol_whitelist", "file", "-i", `file:${name}`]);
  const outputs = Array.from(copies, ([file, tracks]) => [
    ...tracks.flatMap((name) => ["-map", `${sources.indexOf(name)}:0`]),
    ...["-c", "copy", "-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4", file],
  ]);
  return [...inputs, ...outputs.flat()];
}
