import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { DAMAGED, showsDamage } from "./damage.ts";
import { DECODER_WHITELIST } from "./decoders.ts";
import { isDiskFull, retryWhenSpace } from "./disk.ts";
import { JOB_ERRORS, JobError } from "./errors.ts";
import { checkExit } from "./exit.ts";
import { type Progress, runFfmpeg } from "./ffmpeg.ts";
import { type InputHead, type Inputs, READ_ARGS, readArgs } from "./input.ts";
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
  /** Refuse also what only AWS cannot decode. */
  strict: boolean;
  /** Where files are written before they are put into the bucket. */
  workFolder: string;
}

/** What a run tells while it goes. */
export interface EncodeListener {
  onInput(media: MediaInfo): void;
  /** `percent` of the transcoding, 0 to 100. */
  onProgress(percent: number, frames: number): void;
  /** What does not stop the job: the code and the sentence of AWS's NEW_WARNING. */
  onWarning(warning: { code: number; message: string }): void;
  onUploading(): void;
  /** The disk is full; the job goes on by itself when there is space. */
  onWaiting(): void;
}

/** Arguments before the input and after it. Also what the benchmark runs. */
export function ffmpegArgs(address: string, plan: EncodePlan, read = READ_ARGS): string[] {
  return [
    ...["-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning", "-y"],
    ...["-progress", "pipe:1", "-stats_period", "0.25"],
    ...[...read, "-i", address],
    ...plan.args,
  ];
}

/**
 * One job from its input to its objects.
 *
 * @throws JobError as AWS would end the job; the signal's reason when it was stopped.
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
  if (encoder.strict) refuseAsAws(media);
  const plan = translate(job.settings, media);
  listener.onInput(media);
  const folder = join(encoder.workFolder, job.id);
  const disk = { folder: encoder.workFolder, signal, onWaiting: listener.onWaiting };
  try {
    const seconds = await write({ encoder, head, media, plan, folder, signal, listener });
    listener.onUploading();
    const files = await findOutputFiles(folder, plan.outputs);
    await Promise.all(
      // The bucket needs as much again as the file has.
      files.map(async (file) => {
        const { size } = await stat(file.path);
        await retryWhenSpace(() => deliver(encoder, file, signal), {
          ...disk,
          needBytes: () => size,
        });
      }),
    );
    return details(job, plan, files, seconds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Run {
  encoder: EncoderContext;
  head: InputHead;
  media: MediaInfo;
  plan: EncodePlan;
  folder: string;
  signal: AbortSignal;
  listener: EncodeListener;
}

/**
 * Writes the outputs into the work folder, again from the start where the disk was full, and answers
 * how many seconds they have. What was written is removed meanwhile: it may be what fills the disk.
 */
async function write(run: Run): Promise<number> {
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
        // What all of it takes, by what the part that fitted took; a tenth more for what is not even.
        needBytes = (await bytesIn(folder)) * Math.min(20, 110 / Math.max(1, percent));
        await rm(folder, { recursive: true, force: true });
      }
      throw error;
    }
  };
  const { workFolder } = encoder;
  const { onWaiting } = listener;
  return retryWhenSpace(work, {
    folder: workFolder,
    needBytes: () => needBytes,
    signal,
    onWaiting,
  });
}

async function transcode(run: Run, onProgress: (progress: Progress) => void): Promise<number> {
  const { encoder, head, media, plan, folder, signal, listener } = run;
  const { limits, ffmpegPath: path } = encoder;
  const input = encoder.inputs.open(head);
  try {
    const args = ffmpegArgs(input.address, plan, [
      ...readArgs(head.format),
      ...["-codec_whitelist", DECODER_WHITELIST, "-max_pixels", String(limits.framePixels)],
    ]);
    const { env } = input;
    let damaged = false;
    const onLine = (line: string) => {
      damaged ||= showsDamage(line, media);
    };
    const ended = await runFfmpeg({
      ...{ path, args, env, limits, cwd: folder, signal },
      ...{ onLine, onProgress },
    });
    signal.throwIfAborted();
    const fault = input.fault();
    if (fault) throw fault;
    checkExit(ended, media);
    if (damaged) listener.onWarning(DAMAGED);
    return ended.last.seconds;
  } finally {
    input.close();
  }
}

/**
 * Puts an output into its bucket. A film is probed meanwhile: its event and the job's end both ask
 * what is in it, and should not wait for that.
 */
async function deliver(
  encoder: EncoderContext,
  file: OutputFile,
  signal: AbortSignal,
): Promise<void> {
  const media = file.output.capture ? undefined : encoder.inputs.file(file.path);
  // Where it fails, the question is asked again of the object.
  media?.catch(() => {});
  const etag = await putOutput(encoder.s3, file, signal);
  const url = `s3://${file.output.bucket}/${file.key}`;
  if (!media) return;
  encoder.inputs.remember(url, etag, media);
  // The file must stay until it has been looked into: whoever asks about the object waits for this.
  await media.catch(() => {});
}

/** What ffmpeg decodes and MediaConvert does not. */
function refuseAsAws(media: MediaInfo): void {
  if (media.video?.codec === "h264" && media.video.chroma === "YUV_444") {
    throw new JobError(
      JOB_ERRORS.unsupportedVideo,
      "The input's video is H.264 with 4:4:4 colour, which MediaConvert does not decode.",
    );
  }
}

function details(
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
        // Of many captures the last one is named, as on AWS.
        const last = files.filter((file) => file.output === output).at(-1);
        return {
          outputFilePaths: last ? [`s3://${output.bucket}/${last.key}`] : [],
          durationInMs: Math.round(seconds * 1000),
          videoDetails: { widthInPx: output.size.width, heightInPx: output.size.height },
        };
      }),
  }));
}
