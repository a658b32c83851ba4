import { isDeepStrictEqual } from "node:util";
import { JOB_ERRORS, JobError } from "../errors.ts";
import type { MediaInfo } from "../media.ts";
import { S3_URL } from "../s3-url.ts";
import type { JobSettings } from "../schema.ts";
import type { AudioDescription } from "../schema-audio.ts";
import type { Input } from "../schema-input.ts";
import { destinationOf, type Output } from "../schema-output.ts";
import type { VideoDescription } from "../schema-video.ts";
import { aacArgs, selectAudio } from "./audio.ts";
import { planCmaf, statedSeconds, type TrackPlan, WITHOUT_METADATA } from "./cmaf.ts";
import { captureArgs, captureFilters } from "./frame.ts";
import { rotationOf } from "./geometry.ts";
import { FilterGraph, type Picture } from "./graph.ts";
import type { CmafPlan, CmafTrack, EncodePlan, PlannedOutput } from "./plan.ts";
import { force709, frameRate, h264Args, rateFilters, sourceFilters, TAGS_709 } from "./video.ts";

/**
 * Translates a job to one ffmpeg command. It decodes the input once, scales once per size, and writes each
 * output to a file in the work folder.
 *
 * @throws JobError if the settings do not fit the input
 */
export function translate(settings: JobSettings, media: MediaInfo): EncodePlan {
  const [input] = settings.inputs;
  if (!input) throw new Error("The schema requires an input.");
  const picture = pictureOf(settings, input, media);
  const graph = new FilterGraph(picture);
  const source = { input, media, graph };
  const args: string[] = [];
  const cmaf: CmafPlan[] = [];
  const tracks: TrackPlan[] = [];
  // Before the files: ffmpeg counts the frames of its first video output.
  settings.outputGroups.forEach(({ outputGroupSettings, outputs }, g) => {
    if (outputGroupSettings.type !== "CMAF_GROUP_SETTINGS") return;
    const planned = planCmaf(outputGroupSettings.cmafGroupSettings, outputs, g, source);
    cmaf.push(planned.plan);
    tracks.push(...planned.tracks);
    args.push(...planned.args);
  });
  const outputs: PlannedOutput[] = [];
  settings.outputGroups.forEach((group, g) => {
    if (group.outputGroupSettings.type !== "FILE_GROUP_SETTINGS") return;
    group.outputs.forEach((output, o) => {
      const planned = planOutput(output, destinationOf(group), input, { g, o });
      planned.size = output.videoDescription && graph.sizeOf(output.videoDescription);
      const copied = tracksOf(output, tracks);
      outputs.push(copied ? { ...planned, file: copyName(copied), tracks: copied } : planned);
      if (!copied) args.push(...outputArgs(output, input, media, graph), planned.file);
    });
  });
  const filters = graph.text();
  return {
    inputArgs: picture && adaptsToSize(picture) ? ["-reinit_filter:v", "0"] : [],
    args: filters ? ["-filter_complex", filters, ...args] : args,
    outputs,
    cmaf,
    frameRate: paddedRate(tracks, media),
    countedRate: countedRate(settings, media),
  };
}

/**
 * Pictures of another size or format may follow, as in joined recordings and in those of a browser whose window changes.
 * A graph that ffmpeg configures again would begin at time 0 again, or fail. Without that, the scaler adapts to each
 * frame, but ffmpeg's own rotation before it does not.
 */
const adaptsToSize = ({ video }: Picture) => video.rotation === 0;

/** The rate of the video output whose frames ffmpeg counts: the first, and those of CMAF groups come first. */
function countedRate(
  { outputGroups }: JobSettings,
  { video }: MediaInfo,
): EncodePlan["countedRate"] {
  const isCmaf = (group: JobSettings["outputGroups"][number]) =>
    group.outputGroupSettings.type === "CMAF_GROUP_SETTINGS";
  const inOrder = [...outputGroups.filter(isCmaf), ...outputGroups.filter((one) => !isCmaf(one))];
  for (const { videoDescription } of inOrder.flatMap(({ outputs }) => outputs)) {
    const codec = videoDescription?.codecSettings;
    if (video && codec?.codec === "H_264") return frameRate(codec.h264Settings, video);
  }
  return undefined;
}

/** The tracks that have an output's video and audio. Undefined if one of them has to be encoded. */
function tracksOf(output: Output, tracks: TrackPlan[]): CmafTrack[] | undefined {
  const { videoDescription, audioDescriptions } = output;
  const videos = videoDescription ? [videoDescription] : [];
  const wanted = [
    ...videos.map((video) => tracks.find((track) => isDeepStrictEqual(track.video, video))),
    ...audioDescriptions.map((audio) => tracks.find((track) => isSameAudio(track.audio, audio))),
  ];
  const found = wanted.flatMap((plan) => (plan ? [plan.track] : []));
  return found.length === wanted.length ? found : undefined;
}

/** True if both have the same samples. Their languages and names may differ. */
function isSameAudio(a: AudioDescription | undefined, b: AudioDescription): boolean {
  const samples = ({ audioSourceName, remixSettings, codecSettings }: AudioDescription) => ({
    audioSourceName: audioSourceName ?? "Audio Selector 1",
    remixSettings,
    codecSettings,
  });
  return a !== undefined && isDeepStrictEqual(samples(a), samples(b));
}

const copyName = (tracks: CmafTrack[]) => `${tracks.map(({ file }) => file).join("_")}.copy.mp4`;

function paddedRate(tracks: TrackPlan[], media: MediaInfo): EncodePlan["frameRate"] {
  const isPadded = tracks.some(({ audio }) => audio) && statedSeconds(media) !== undefined;
  const video = tracks.find(({ track }) => track.content.type === "video")?.track.content;
  return isPadded && video?.type === "video" ? video.rate : undefined;
}

/** The picture that all outputs share. Undefined if no output has one. */
function pictureOf(settings: JobSettings, input: Input, { video }: MediaInfo): Picture | undefined {
  const descriptions = settings.outputGroups.flatMap(({ outputs }) =>
    outputs.flatMap(({ videoDescription }) => videoDescription ?? []),
  );
  const [first] = descriptions;
  if (!first) return undefined;
  if (!video) throw new JobError(JOB_ERRORS.noVideo, "The input has no usable video track.");
  const degrees = rotationOf(input.videoSelector.rotate, video);
  const filters = sourceFilters(video, degrees, first.videoPreprocessors?.deinterlacer);
  // Filters other than the scaler do not adapt to pictures of another size. This one passes the others on.
  const sized = filters.length > 0 && video.rotation === 0;
  const size = sized ? [`scale=${video.width}:${video.height}`] : [];
  return { video, degrees, filters: [...size, ...filters] };
}

function outputArgs(output: Output, input: Input, media: MediaInfo, graph: FilterGraph): string[] {
  const { videoDescription } = output;
  if (videoDescription?.codecSettings.codec === "FRAME_CAPTURE") {
    const { frameCaptureSettings } = videoDescription.codecSettings;
    const pad = graph.capture(videoDescription, captureFilters(frameCaptureSettings));
    return ["-map", `[${pad}]`, ...WITHOUT_METADATA, ...captureArgs(frameCaptureSettings)];
  }
  // The video's map comes first, so that it is the first track of the file.
  const args = videoDescription ? videoArgs(videoDescription, graph) : [];
  output.audioDescriptions.forEach((description, a) => {
    const mix = selectAudio(description, input, media);
    args.push(...graph.audio(mix, a), ...aacArgs(description, mix, a));
  });
  args.push(...WITHOUT_METADATA, "-max_muxing_queue_size", "4096", "-f", "mp4");
  const flags = movFlags(output);
  if (flags) args.push("-movflags", flags);
  return args;
}

/** Maps and encodes the picture of a file. */
function videoArgs(description: VideoDescription, graph: FilterGraph): string[] {
  const { codecSettings } = description;
  if (codecSettings.codec !== "H_264") return [];
  const rate = frameRate(codecSettings.h264Settings, graph.video);
  const pad = graph.encode(description, rateFilters(rate, graph.video));
  const args = ["-map", `[${pad}]`, ...h264Args(codecSettings.h264Settings, rate)];
  args.push("-color_range", "tv");
  if (force709(description)) args.push(...TAGS_709);
  return args;
}

function movFlags({ containerSettings }: Output): string {
  if (containerSettings.container !== "MP4") return "";
  const { moovPlacement, cslgAtom } = containerSettings.mp4Settings ?? {};
  return [
    moovPlacement === "PROGRESSIVE_DOWNLOAD" ? "+faststart" : "",
    // Also writes the cslg box.
    cslgAtom === "INCLUDE" ? "+negative_cts_offsets" : "",
  ].join("");
}

/** The object of an output: `Destination` + `NameModifier` + `.` + `Extension`. */
function planOutput(
  output: Output,
  destination: string,
  input: Input,
  { g, o }: { g: number; o: number },
): PlannedOutput {
  const [, bucket = "", key = ""] = S3_URL.exec(destination) ?? [];
  const capture = output.containerSettings.container === "RAW";
  // If the destination ends with a slash, the input's name is used, as on AWS.
  const stem = key.endsWith("/") ? `${key}${baseName(input.fileInput)}` : key;
  const extension = output.extension || (capture ? "jpg" : "mp4");
  return {
    group: g,
    file: capture ? `${g}-${o}.%07d.jpg` : `${g}-${o}.mp4`,
    bucket,
    keyStem: `${stem}${output.nameModifier ?? ""}`,
    extension,
    capture,
    contentType: capture ? "image/jpeg" : output.videoDescription ? "video/mp4" : "audio/mp4",
  };
}

function baseName(url: string): string {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}
