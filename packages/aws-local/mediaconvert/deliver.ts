import { copyTracks } from "./copy-tracks.ts";
import type { EncodeRun } from "./encode-run.ts";
import { makeTiles } from "./make-tiles.ts";
import { findOutputFiles, type OutputFile } from "./output-files.ts";
import type { PlannedOutput } from "./translate/plan.ts";
import { uploadFiles } from "./upload-files.ts";

/**
 * Publishes the streams of a run that wrote everything, and uploads its files, at the same time: each waits for another
 * program and for the disk. If one fails, the others stop. Returns the files of the file groups.
 *
 * @throws the first error; the signal's reason
 */
export async function deliver(run: EncodeRun): Promise<OutputFile[]> {
  const failed = new AbortController();
  const stoppable = { ...run, signal: AbortSignal.any([run.signal, failed.signal]) };
  const { outputs } = run.plan;
  const copied = outputs.filter(isCopied);
  const written = outputs.filter((output) => !isCopied(output));
  const copyAndUpload = async () => {
    await copyTracks(stoppable);
    return upload(stoppable, copied);
  };
  const uploads = [copyAndUpload(), upload(stoppable, written)];
  const work = [publish(stoppable), ...uploads];
  const stopOthers = (error: unknown) => failed.abort(error);
  for (const one of work) one.catch(stopOthers);
  await Promise.allSettled(work);
  failed.signal.throwIfAborted();
  return (await Promise.all(uploads)).flat();
}

const isCopied = ({ tracks = [] }: PlannedOutput) => tracks.length > 0;

async function publish(run: EncodeRun): Promise<void> {
  await makeTiles(run);
  for (const publisher of run.publishers) await publisher.finish(run.signal);
}

async function upload(run: EncodeRun, outputs: PlannedOutput[]): Promise<OutputFile[]> {
  const files = await findOutputFiles(run.folder, outputs);
  await uploadFiles(run, files);
  return files;
}
