/** ffmpeg commands as a person would write them, to compare with those of Rushes. */
import type { LadderSource, Rung } from "../packages/core/rendition/ladder.ts";
import { POSTER, PRESETS } from "../packages/core/rendition/preset.ts";
import { storyboardOf } from "../packages/core/rendition/storyboard.ts";

const AAC = ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"];
const HLS = [
  ...["-f", "hls", "-hls_time", "2", "-hls_segment_type", "fmp4", "-hls_playlist_type", "event"],
  ...["-hls_flags", "independent_segments"],
  ...["-hls_segment_options", "movflags=+negative_cts_offsets"],
];

/** The capped CRF of a rung, with a keyframe every two seconds. */
const x264 = ({ maxBitRate }: Rung, stream = "v") => [
  ...[`-c:${stream}`, "libx264", "-preset", "veryfast", "-profile:v", "high"],
  ...["-pix_fmt", "yuv420p", "-crf", "20", "-sc_threshold", "0"],
  ...["-force_key_frames", "expr:gte(t,n_forced*2)"],
  ...[`-maxrate:${stream}`, String(maxBitRate), `-bufsize:${stream}`, String(maxBitRate)],
];

/** All rungs and the audio in one run with one decode. */
export function bareLadder(source: string, rungs: readonly Rung[]): string[] {
  const names = rungs.map((_, at) => `[s${at}]`);
  const chains = rungs.map(({ width, height }, at) => `[s${at}]scale=${width}:${height}[v${at}]`);
  const graph = [`[0:v]split=${rungs.length}${names.join("")}`, ...chains].join(";");
  return [
    ...["-i", source, "-filter_complex", graph],
    ...rungs.flatMap((_, at) => ["-map", `[v${at}]`]),
    ...["-map", "0:a:0", ...rungs.flatMap((rung, at) => x264(rung, `v:${at}`)), ...AAC, ...HLS],
    ...["-var_stream_map"],
    [...rungs.map((_, at) => `v:${at},agroup:a`), "a:0,agroup:a"].join(" "),
    ...["-master_pl_name", "index.m3u8", "plain-%v.m3u8"],
  ];
}

export const rungRun = (source: string, rung: Rung): string[] => [
  ...["-i", source, "-map", "0:v:0", "-vf", `scale=${rung.width}:${rung.height}`, ...x264(rung)],
  ...[...HLS, `plain-${rung.height}.m3u8`],
];

export const rungMp4 = (source: string, rung: Rung, at: number): string[] => [
  ...["-i", source, "-map", "0:v:0", "-map", "0:a:0"],
  ...["-vf", `scale=${rung.width}:${rung.height}`, ...x264(rung), ...AAC],
  ...["-movflags", "+faststart", `plain-${at}.mp4`],
];

export const audioRun = (source: string): string[] => [
  ...["-i", source, "-map", "0:a:0", ...AAC, ...HLS, "plain-audio.m3u8"],
];

export const posterRun = (source: string, seconds: number): string[] => [
  ...["-i", source, "-map", "0:v:0"],
  ...["-vf", `fps=${POSTER.captures}/${seconds},scale=${POSTER.maxWidth}:${POSTER.maxHeight}`],
  ...["-frames:v", String(POSTER.captures), "-q:v", "5", "plain-%d.jpg"],
];

/** One run for each preset. */
export function presetRuns(source: string): string[][] {
  return PRESETS.map(({ label, video, audio }) => [
    ...["-i", source, "-map", "0:v:0", "-map", "0:a:0"],
    ...["-vf", `scale=${video.maxWidth}:${video.maxHeight}`],
    ...["-r", `${video.frameRate.numerator}/${video.frameRate.denominator}`],
    ...["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast"],
    ...["-profile:v", video.profile, "-level:v", video.level],
    ...["-refs", String(video.referenceFrames), "-bf", video.profile === "main" ? "2" : "0"],
    ...["-b-pyramid", "none", "-g", String(video.keyframeMaxDistance)],
    ...["-b:v", String(video.bitRate), "-maxrate", String(video.bitRate * 1.5)],
    ...["-bufsize", String(video.bitRate * 2)],
    ...["-c:a", "aac", "-b:a", String(audio.bitRate), "-ar", String(audio.sampleRate), "-ac", "2"],
    ...["-movflags", "+faststart", `plain-${label}.mp4`],
  ]);
}

/** Small pictures of the whole video, as tiles. */
export function storyboardRun(source: string, of: LadderSource): string[] {
  const { width, height, intervalSeconds, columns, rows } = storyboardOf(of);
  const scale = `fps=1/${intervalSeconds},scale=${width}:${height},tile=${columns}x${rows}`;
  return ["-i", source, "-map", "0:v:0", "-vf", scale, "-q:v", "5", "plain-tile-%d.jpg"];
}
