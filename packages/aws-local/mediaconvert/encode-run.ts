import { mkdir, rm } from "node:fs/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { CHANGED, DAMAGED, damageDetector, endsEarly, showsChange } from "./damage.ts";
import { DECODER_WHITELIST } from "./decoders.ts";
import { isDiskFull, retryWhenSpace } from "./disk.ts";
import { checkExit } from "./exit.ts";
import { type Progress, runFfmpeg } from "./ffmpeg.ts";
import type { HlsPublisher } from "./hls/publisher.ts";
import { type InputHead, type Inputs, readArgs } from "./input.ts";
import { bytesIn, type EncoderLimits } from "./limits.ts";
import type { MediaInfo } from "./media.ts";
import type { CmafTrack, EncodePlan } from "./translate/plan.ts";

export interface EncoderContext {
  s3: S3Client;
  inputs: Inputs;
  ffmpegPath: string;
  limits: EncoderLimits;
  /** Also reject input that ffmpeg can decode and MediaConvert cannot. */
  strict: boolean;
  /** The folder for outputs before their upload. */
  workFolder: string;
}

/** Receives the progress of a job. */
export interface EncodeListener {
  onInput(media: MediaInfo): void;
  /** `percent` of the transcoding, 0 to 100. */
  onProgress(percent: number, frames: number): void;
  /** The code and the message of a NEW_WARNING event. */
  onWarning(warning: { code: number; message: string }): void;
  onUploading(): void;
  /** The disk is full. The job continues when there is space. */
  onWaiting(): void;
}

export interface EncodeRun {
  encoder: EncoderContext;
  head: InputHead;
  media: MediaInfo;
  plan: EncodePlan;
  folder: string;
  publishers: HlsPublisher[];
  signal: AbortSignal;
  listener: EncodeListener;
}

/**
 * Writes the outputs into the work folder and returns their duration in seconds. If the disk is full, it
 * removes them, because they may be what fills it, and starts again when there is space.
 */
export async function writeOutputs(run: EncodeRun): Promise<number> {
  const { encoder, folder, media, publishers, signal, listener } = run;
  const total = media.durationSeconds ?? 0;
  let needBytes = 0;
  const work = async (): Promise<number> => {
    let percent = 1;
    try {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      for (const publisher of publishers) publisher.begin(folder);
      return await transcode(run, ({ seconds, frames }) => {
        percent = total ? Math.min(100, Math.floor((seconds / total) * 100)) : 0;
        listener.onProgress(percent, frames);
      });
    } catch (error) {
      for (const publisher of publishers) await publisher.stop();
      if (isDiskFull(error)) {
        // Extrapolated from the part that was written, plus a tenth because the bit rate varies.
        needBytes = (await bytesIn(folder)) * Math.min(20, 110 / Math.max(1, percent));
        await rm(folder, { recursive: true, force: true });
      }
      throw error;
    }
  };
  return retryWhenSpace(work, {
    folder: encoder.workFolder,
    needBytes: () => needBytes,
    signal,
    onWaiting: listener.onWaiting,
  });
}

async function transcode(
  run: EncodeRun,
  onProgress: (progress: Progress) => void,
): Promise<number> {
  const { encoder, head, media, plan, folder, listener } = run;
  const { limits } = encoder;
  const failed = new AbortController();
  const signal = AbortSignal.any([run.signal, failed.signal]);
  const input = encoder.inputs.open(head);
  try {
    const read = readArgs(head.format);
    read.push("-codec_whitelist", DECODER_WHITELIST);
    read.push("-max_pixels", String(limits.framePixels));
    const showsDamage = damageDetector(media);
    let damaged = false;
    let changed = false;
    const result = await runFfmpeg({
      path: encoder.ffmpegPath,
      args: [...read, ...plan.inputArgs, "-i", input.url, ...plan.args],
      env: input.env,
      limits,
      cwd: folder,
      signal,
      onProgress: (progress) => {
        onProgress(encoded(progress, plan));
        for (const publisher of run.publishers) publisher.update((error) => failed.abort(error));
      },
      onLine: (line) => {
        damaged = showsDamage(line);
        changed ||= showsChange(line);
      },
    });
    signal.throwIfAborted();
    const inputError = input.error();
    if (inputError) throw inputError;
    const progress = encoded(result.progress, plan);
    checkExit({ ...result, progress }, media, hasPicture(plan));
    const written = seconds(result.progress, plan.countedRate);
    const isShort = hasPicture(plan) && endsEarly(written, media);
    if (damaged || isShort) listener.onWarning(DAMAGED);
    if (changed) listener.onWarning(CHANGED);
    return written;
  } finally {
    input.close();
  }
}

function hasPicture({ outputs, cmaf }: EncodePlan): boolean {
  const isVideo = ({ content }: CmafTrack) => content.type === "video";
  return outputs.some(({ size }) => size) || cmaf.some(({ tracks }) => tracks.some(isVideo));
}

/** The length of the pictures that were encoded. The captures for a poster end later if the source is shorter than it states. */
function seconds(progress: Progress, rate: EncodePlan["countedRate"]): number {
  if (!rate) return progress.seconds;
  return (progress.frames * rate.denominator) / rate.numerator;
}

/** How much of the input is encoded. Padded audio may be ahead of it. */
function encoded(progress: Progress, { frameRate }: EncodePlan): Progress {
  if (!frameRate) return progress;
  return { ...progress, seconds: (progress.frames * frameRate.denominator) / frameRate.numerator };
}
