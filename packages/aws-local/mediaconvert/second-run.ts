import { retryWhenSpace } from "./disk.ts";
import type { EncodeRun } from "./encode-run.ts";
import { checkCopy } from "./exit.ts";
import { runFfmpeg } from "./ffmpeg.ts";

/**
 * Runs ffmpeg on files that the encode has written. If the disk is full, it runs again when there is space. `clean`
 * removes what a failed run has written.
 */
export async function runOnOutputs(
  { encoder, folder, signal, listener }: EncodeRun,
  { args, needBytes, clean }: { args: string[]; needBytes: number; clean(): Promise<void> },
): Promise<void> {
  const run = async () => {
    const { ffmpegPath: path } = encoder;
    const result = await runFfmpeg({ path, args, cwd: folder, signal, onProgress: () => {} });
    signal.throwIfAborted();
    try {
      checkCopy(result);
    } catch (error) {
      await clean();
      throw error;
    }
  };
  await retryWhenSpace(run, {
    folder: encoder.workFolder,
    needBytes: () => needBytes,
    signal,
    onWaiting: listener.onWaiting,
  });
}
