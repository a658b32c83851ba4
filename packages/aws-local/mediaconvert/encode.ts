import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { DAMAGED, showsDamage } from "./damage.ts";
import { DECODER_WHITELIST } from "./decoders.ts";
import { isDiskFull, retryWhenSpace } from "./disk.ts";
import { JOB_ERRORS, JobError } from "./errors.ts";
import { checkExit } from "./exit.ts";
import { type Progress, runFfmpeg } from "./ffmpeg.ts";
import { type InputHead, type Inputs, readArgs } from "./input.ts";
import type { JobRecord, OutputGroupDetail } from "./job.ts";
import { bytesIn, type EncoderLimits } from "./limits.ts";
import type { MediaInfo } from "./media.ts";
import { findOutputFiles, type OutputFile, putOutput } from "./output-files.ts";
import { type EncodePlan, translate } from "./translate/command.ts";

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

/**
 * Runs one job, from its input to the uploaded outputs.
 *
 * @throws JobError with AWS's code; the signal's reason if the job was stopped
 */
export async function encode(
  encoder: EncoderContext,
  job: JobRecord,
  signal: AbortSignal,
  listener: EncodeListener,
): Promise<OutputGroupDetail[]> {
  const { fileInput = "" } = job.settings.inputs[0] ?? {};
  const head = await encoder.inputs.head(fileInput);
  signal.throwIfAborted();
  const media = await encoder.inputs.media(head, signal);
  if (encoder.strict) rejectAsAws(media);
  const plan = translate(job.settings, media);
  listener.onInput(media);
  const folder = join(encoder.workFolder, job.id);
  try {
    const seconds = await writeOutputs({ encoder, head, media, plan, folder, signal, listener });
    listener.onUploading();
    const files = await findOutputFiles(folder, plan.outputs);
    await Promise.all(
      // The bucket needs as much space as the file.
      files.map(async (file) => {
        const { size } = await stat(file.path);
        await retryWhenSpace(() => upload(encoder, file, signal), {
          folder: encoder.workFolder,
          needBytes: () => size,
          signal,
          onWaiting: listener.onWaiting,
        });
      }),
    );
    return outputGroupDetails(job, plan, files, seconds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface EncodeRun {
  encoder: EncoderContext;
  head: InputHead;
  media: MediaInfo;
  plan: EncodePlan;
  folder: string;
  signal: AbortSignal;
  listener: EncodeListener;
}

/**
 * Writes the outputs into the work folder and returns their duration in seconds. If the disk is full, it
 * removes them, because they may be what fills it, and starts again when there is space.
 */
async function writeOutputs(run: EncodeRun): Promise<number> {
  const { encoder, folder, media, signal, listener } = run;
  const total = media.durationSeconds ?? 0;
  let needBytes = 0;
  const work = async (): Promise<number> => {
    let percent = 1;
    try {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      return await transcode(run, ({ seconds, frames }) => {
        percent = total ? Math.min(100, Math.floor((seconds / total) * 100)) : 0;
        listener.onProgress(percent, frames);
      });
    } catch (error) {
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
  const { encoder, head, media, plan, folder, signal, listener } = run;
  const { limits } = encoder;
  const input = encoder.inputs.open(head);
  try {
    const read = readArgs(head.format);
    read.push("-codec_whitelist", DECODER_WHITELIST);
    read.push("-max_pixels", String(limits.framePixels));
    let damaged = false;
    const result = await runFfmpeg({
      path: encoder.ffmpegPath,
      args: [...read, "-i", input.url, ...plan.args],
      env: input.env,
      limits,
      cwd: folder,
      signal,
      onProgress,
      onLine: (line) => {
        damaged ||= showsDamage(line, media);
      },
    });
    signal.throwIfAborted();
    const inputError = input.error();
    if (inputError) throw inputError;
    checkExit(
      result,
      media,
      plan.outputs.some(({ size }) => size !== undefined),
    );
    if (damaged) listener.onWarning(DAMAGED);
    return result.progress.seconds;
  } finally {
    input.close();
  }
}

/**
 * Uploads an output to its bucket, and probes a video at the same time: its event and the end of the job
 * both need the result, and should not wait for it.
 */
async function upload(
  encoder: EncoderContext,
  file: OutputFile,
  signal: AbortSignal,
): Promise<void> {
  const media = file.output.capture ? undefined : encoder.inputs.file(file.path);
  // If this fails, the object is probed later.
  media?.catch(() => {});
  const etag = await putOutput(encoder.s3, file, signal);
  const url = `s3://${file.output.bucket}/${file.key}`;
  if (!media) return;
  encoder.inputs.remember(url, etag, media);
  // The file must exist until the probe ends. Probes of the object wait for it.
  await media.catch(() => {});
}

/** Rejects input that ffmpeg can decode and MediaConvert cannot. */
function rejectAsAws(media: MediaInfo): void {
  if (media.video?.codec === "h264" && media.video.chroma === "YUV_444") {
    throw new JobError(
      JOB_ERRORS.unsupportedVideo,
      "The input's video is H.264 with 4:4:4 color, which MediaConvert does not decode.",
    );
  }
}

function outputGroupDetails(
  job: JobRecord,
  plan: EncodePlan,
  files: OutputFile[],
  seconds: number,
): OutputGroupDetail[] {
  return job.settings.outputGroups.map((_, group) => ({
    type: "FILE_GROUP",
    outputDetails: plan.outputs
      .filter((output) => output.group === group)
      .map((output) => {
        // For captures, the last one is named, as on AWS.
        const last = files.filter((file) => file.output === output).at(-1);
        return {
          outputFilePaths: last ? [`s3://${output.bucket}/${last.key}`] : [],
          durationInMs: Math.round(seconds * 1000),
          videoDetails: output.size && {
            widthInPx: output.size.width,
            heightInPx: output.size.height,
          },
        };
      }),
  }));
}
