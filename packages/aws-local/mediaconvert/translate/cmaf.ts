import type { MediaInfo, Rational } from "../media.ts";
import { parseUrl } from "../s3-url.ts";
import { type AudioDescription, CHANNELS } from "../schema-audio.ts";
import type { CmafGroupSettings } from "../schema-cmaf.ts";
import type { Input } from "../schema-input.ts";
import type { Output } from "../schema-output.ts";
import type { H264Settings, VideoDescription } from "../schema-video.ts";
import { aacArgs, languageOf, segmentedFilters, selectAudio } from "./audio.ts";
import { planCaptions } from "./captions.ts";
import type { FilterGraph } from "./graph.ts";
import { pictureArgs, planImages } from "./images.ts";
import type {
  AudioContent,
  CmafCaptions,
  CmafImages,
  CmafPlan,
  CmafTrack,
  VideoContent,
} from "./plan.ts";
import { force709, frameRate, segmentedH264Args, TAGS_709 } from "./video.ts";

/** A track of a CMAF group with the settings of its output. */
export interface TrackPlan {
  track: CmafTrack;
  video?: VideoDescription;
  audio?: AudioDescription;
}

export interface CmafSource {
  input: Input;
  media: MediaInfo;
  graph: FilterGraph;
}

/** Plans the tracks of a CMAF group, and the arguments that write each to its file and playlist. */
export function planCmaf(
  settings: CmafGroupSettings,
  outputs: Output[],
  group: number,
  source: CmafSource,
): { plan: CmafPlan; tracks: TrackPlan[]; args: string[] } {
  const { Bucket, Key } = parseUrl(settings.destination);
  const { input, media, graph } = source;
  const videos = videosOf(outputs, graph);
  const segmentSeconds = segmentLength(
    settings.segmentLength,
    videos.map(({ rate }) => rate),
  );
  const pads = graph.ladder(videos);
  const tracks: TrackPlan[] = [];
  const args: string[] = [];
  const captions: CmafCaptions[] = [];
  outputs.forEach((output, o) => {
    const files = { file: `${group}-${o}`, keyStem: `${Key}${output.nameModifier ?? ""}` };
    const at = videos.findIndex(({ video }) => video === output.videoDescription);
    const video = videos[at];
    if (video) {
      const content = videoContent(video, graph);
      tracks.push({ track: { ...files, content }, video: video.video });
      args.push("-map", `[${pads[at]}]`, ...WITHOUT_METADATA);
      args.push(...segmentedH264Args(video.h264, video.rate, segmentSeconds));
      args.push("-color_range", "tv", ...(force709(video.video) ? TAGS_709 : []));
      // The codec decides where a segment begins, so any shorter length will do.
      args.push(...hlsArgs(files.file, segmentSeconds / 2));
    }
    for (const audio of output.audioDescriptions) {
      const mix = selectAudio(audio, input, media);
      const content = audioContent(output, audio, languageOf(audio, mix));
      tracks.push({ track: { ...files, content }, audio });
      const filters = segmentedFilters(audio, videos.length > 0 ? statedSeconds(media) : undefined);
      args.push(...graph.audio(mix, 0, filters), ...WITHOUT_METADATA, ...aacArgs(audio, mix, 0));
      args.push(...hlsArgs(files.file, segmentSeconds));
    }
    for (const description of output.captionDescriptions) {
      const planned = planCaptions(description, files, source);
      captions.push(planned.captions);
      args.push(...planned.args);
    }
  });
  const images = planTiles(settings, group, source, videos.at(-1)?.video);
  args.push(...images.args);
  const plan = {
    group,
    bucket: Bucket,
    keyStem: Key,
    segmentSeconds,
    tracks: tracks.map(({ track }) => track),
    captions,
    images: images.plan,
  };
  return { plan, tracks, args };
}

interface PlannedVideo {
  video: VideoDescription;
  h264: H264Settings;
  rate: Rational;
}

function videosOf(outputs: Output[], graph: FilterGraph): PlannedVideo[] {
  return outputs.flatMap(({ videoDescription: video }) => {
    if (video?.codecSettings.codec !== "H_264") return [];
    const h264 = video.codecSettings.h264Settings;
    return [{ video, h264, rate: frameRate(h264, graph.video) }];
  });
}

function planTiles(
  { destination, imageBasedTrickPlaySettings: settings }: CmafGroupSettings,
  group: number,
  { graph }: CmafSource,
  video: VideoDescription | undefined,
): { plan?: CmafImages; args: string[] } {
  if (!settings || !video) return { args: [] };
  const files = { file: `${group}-tiles`, keyStem: parseUrl(destination).Key };
  const plan = planImages(settings, graph.sizeOf(video), files);
  return { plan, args: ["-map", `[${graph.pictures(plan)}]`, ...pictureArgs(plan)] };
}

/** How long the video lasts, if the file states it. */
export function statedSeconds({ video, ...media }: MediaInfo): number | undefined {
  return media.lengthIsEstimate ? undefined : (video?.durationSeconds ?? media.durationSeconds);
}

/**
 * A whole number of frames of the slowest rung, which is also one of the others: their rates are its
 * multiples.
 */
function segmentLength(requestedSeconds: number, rates: Rational[]): number {
  const hertz = rates.map(({ numerator, denominator }) => numerator / denominator);
  if (hertz.length === 0) return requestedSeconds;
  const slowest = Math.min(...hertz);
  return Math.max(1, Math.round(requestedSeconds * slowest)) / slowest;
}

export const WITHOUT_METADATA = ["-map_metadata", "-1", "-map_chapters", "-1"];

/**
 * Writes a track to one file with all its segments, and their ranges to a playlist. Players of segments ignore
 * edit lists, so the file has none: signed composition offsets make the first frame begin at time 0.
 */
function hlsArgs(file: string, seconds: number): string[] {
  return [
    ...["-f", "hls", "-hls_time", seconds.toFixed(6), "-hls_playlist_type", "event"],
    ...["-hls_segment_type", "fmp4", "-hls_flags", "independent_segments+single_file"],
    ...["-hls_segment_options", "movflags=+negative_cts_offsets:use_editlist=0"],
    ...["-hls_segment_filename", `${file}.mp4`, `${file}.m3u8`],
  ];
}

function videoContent({ video, h264, rate }: PlannedVideo, graph: FilterGraph): VideoContent {
  const maxBitRate = h264.maxBitrate ?? h264.bitrate ?? 0;
  return { type: "video", size: graph.sizeOf(video), rate, maxBitRate };
}

function audioContent(
  { containerSettings }: Output,
  audio: AudioDescription,
  code: string | undefined,
): AudioContent {
  const { audioGroupId, audioTrackType } =
    (containerSettings.container === "CMFC" && containerSettings.cmfcSettings) || {};
  const language = code === undefined ? undefined : shortCode(code);
  return {
    type: "audio",
    // AWS's default.
    audioGroup: audioGroupId ?? "program_audio",
    language,
    name: (audio.streamName ?? (language ? nameOf(language) : "Audio")).replace(/["\r\n]/g, " "),
    isDefault:
      audioTrackType === "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT" ||
      audioTrackType === "AUDIO_ONLY_VARIANT_STREAM",
    isAutoSelected: audioTrackType !== "ALTERNATE_AUDIO_NOT_AUTO_SELECT",
    channels: CHANNELS[audio.codecSettings.aacSettings.codingMode],
    bitRate: audio.codecSettings.aacSettings.bitrate,
  };
}

/** The shortest code of a language, as BCP 47 wants it: `en` for `ENG`. */
function shortCode(code: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(code.toLowerCase())[0];
  } catch {
    // A file may have any text as its language.
    return undefined;
  }
}

function nameOf(language: string): string {
  return new Intl.DisplayNames(["en"], { type: "language" }).of(language) ?? language;
}
