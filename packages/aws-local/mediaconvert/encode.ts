import { rm } from "node:fs/promises";
import { join } from "node:path";
import { deliver } from "./deliver.ts";
import { type EncodeListener, type EncoderContext, writeOutputs } from "./encode-run.ts";
import { JOB_ERRORS, JobError } from "./errors.ts";
import { playlistKey } from "./hls/playlist.ts";
import { HlsPublisher } from "./hls/publisher.ts";
import type { JobRecord, OutputGroupDetail } from "./job.ts";
import type { MediaInfo } from "./media.ts";
import type { OutputFile } from "./output-files.ts";
import { translate } from "./translate/command.ts";
import type { CmafPlan, EncodePlan } from "./translate/plan.ts";

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
  const context = { ...encoder, onWaiting: listener.onWaiting };
  const publishers = plan.cmaf.map((group) => new HlsPublisher(context, group));
  if ((job.starts ?? 1) > 1) await Promise.all(publishers.map((one) => one.restore()));
  const run = { encoder, head, media, plan, folder, publishers, signal, listener };
  try {
    const seconds = await writeOutputs(run);
    listener.onUploading();
    const files = await deliver(run);
    return outputGroupDetails(job, plan, files, seconds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
  const durationInMs = Math.round(seconds * 1000);
  return job.settings.outputGroups.map((_, group): OutputGroupDetail => {
    const cmaf = plan.cmaf.find((planned) => planned.group === group);
    if (cmaf) return cmafDetails(cmaf, durationInMs);
    const outputDetails = plan.outputs
      .filter((output) => output.group === group)
      .map((output) => {
        // For captures, the last one is named, as on AWS.
        const last = files.filter((file) => file.output === output).at(-1);
        return {
          outputFilePaths: last ? [`s3://${output.bucket}/${last.key}`] : [],
          durationInMs,
          videoDetails: output.size && {
            widthInPx: output.size.width,
            heightInPx: output.size.height,
          },
        };
      });
    return { type: "FILE_GROUP", outputDetails };
  });
}

/** As on AWS, the group names its multivariant playlist, and its outputs name nothing. */
function cmafDetails(cmaf: CmafPlan, durationInMs: number): OutputGroupDetail {
  return {
    type: "CMAF_GROUP",
    outputDetails: [
      ...cmaf.tracks.map(({ content }) => {
        if (content.type === "audio") return { durationInMs };
        const { width, height } = content.size;
        return { durationInMs, videoDetails: { widthInPx: width, heightInPx: height } };
      }),
      ...cmaf.captions.map(() => ({ durationInMs })),
    ],
    playlistFilePaths: [`s3://${cmaf.bucket}/${playlistKey(cmaf)}`],
  };
}
