import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
export const FFMPEG = process.env.FFMPEG_PATH ?? "ffmpeg";
export const FFPROBE = process.env.FFPROBE_PATH ?? "ffprobe";

const X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
const tone = (seconds: number) => ["-f", "lavfi", "-i", `sine=f=440:d=${seconds}`];
/** Channels without a layout, each with the same tone at -21 dB. */
const nameless = (channels: number) => [
  ...["-f", "lavfi", "-i"],
  `aevalsrc=${Array(channels).fill("0.125*sin(880*PI*t)").join("|")}:d=1`,
];
const picture = (size: string, seconds: number, rate = "30") => [
  ...["-f", "lavfi", "-i", `testsrc2=s=${size}:r=${rate}:d=${seconds}`],
];

/**
 * The clips that tests and the benchmark transcode, as the ffmpeg arguments that create them. `{name}` is the path of
 * another clip.
 */
const CLIPS = {
  "plain.mp4": [...picture("1280x720", 2), ...tone(2), ...X264, "-c:a", "aac"],
  "faststart.mp4": ["-i", "{plain.mp4}", "-c", "copy", "-movflags", "+faststart"],
  "silent-tiny.mp4": [...picture("160x90", 1), ...X264],
  "upright.mp4": [...picture("640x360", 1), ...tone(1), ...X264, "-c:a", "aac"],
  // A phone's format: landscape frames with a rotation flag.
  "rotated.mov": ["-i", "{upright.mp4}", "-c", "copy", "-metadata:s:v:0", "rotate=90"],
  "portrait.mp4": [...picture("1080x1920", 1), ...X264],
  "odd.mkv": [
    "-f",
    "lavfi",
    "-i",
    "testsrc=s=101x75:r=30:d=1",
    "-c:v",
    "ffv1",
    "-pix_fmt",
    "yuv444p",
  ],
  "interlaced.ts": [
    ...[...picture("720x576", 2, "50"), ...tone(2), "-vf", "setsar=64/45,interlace"],
    ...["-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-b:v", "4M", "-c:a", "mp2"],
  ],
  "444.mp4": [...picture("320x180", 1), "-c:v", "libx264", "-pix_fmt", "yuv444p"],
  "hdr.mkv": [
    ...[...picture("320x180", 1), "-c:v", "libx264", "-pix_fmt", "yuv420p10le"],
    ...["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"],
  ],
  /** HDR with the tags of many cameras and editors: only the transfer function. */
  "hdr-transfer-only.mkv": [
    ...[...picture("64x36", 1), "-c:v", "libx264", "-pix_fmt", "yuv420p10le"],
    ...["-color_trc", "smpte2084"],
  ],
  "hlg-transfer-only.mov": [
    ...[...picture("64x36", 1), "-c:v", "libx264", "-pix_fmt", "yuv420p10le"],
    ...["-color_trc", "arib-std-b67"],
  ],
  "sound-3.mkv": [...picture("64x36", 1), ...nameless(3), ...X264, "-c:a", "pcm_s16le"],
  "sound-6.mkv": [...picture("64x36", 1), ...nameless(6), ...X264, "-c:a", "pcm_s16le"],
  "sound-12.mov": [...picture("64x36", 1), ...nameless(12), ...X264, "-c:a", "pcm_s24le"],
  "sound-16.mkv": [...picture("64x36", 1), ...nameless(16), ...X264, "-c:a", "pcm_s16le"],
  "fade.mp4": [...picture("320x180", 2), "-vf", "fade=in:d=1.5", ...X264],
  "blue.mp4": ["-f", "lavfi", "-i", "color=blue:s=64x36:r=30:d=1", ...X264],
  "part.ts": [...picture("64x36", 2), ...tone(2), ...X264, "-c:a", "aac"],
  "part.mkv": ["-i", "{part.ts}", "-c", "copy"],
  "part.mp4": ["-i", "{part.ts}", "-c", "copy", "-bsf:a", "aac_adtstoasc"],
  /** Two seconds of another size and pixel format, to be joined to them. */
  "small.ts": [...picture("48x28", 2), ...tone(2), ...X264, "-pix_fmt", "yuv422p", "-c:a", "aac"],
  /** The same two seconds, recorded eleven hours later. */
  "later.ts": ["-i", "{part.ts}", "-c", "copy", "-output_ts_offset", "40000"],
  "moving.webm": [...picture("64x36", 2), "-c:v", "libvpx", "-deadline", "realtime"],
  "larger.webm": [...picture("96x54", 2), "-c:v", "libvpx", "-deadline", "realtime"],
  /** Three silent seconds, and one loud. */
  "quiet-start.aac": [
    ...["-f", "lavfi", "-i", "anoisesrc=d=4:a=0.6", "-af", "volume=0:enable='lt(t,3)'"],
    ...["-c:a", "aac", "-q:a", "2"],
  ],
  /** MediaRecorder's format for a stream: without a duration. */
  "live.webm": [
    ...[...picture("64x36", 2), ...tone(2), "-c:v", "libvpx", "-deadline", "realtime"],
    ...["-c:a", "libopus", "-f", "webm", "-live", "1"],
  ],
  "fragments.mp4": [
    ...[...picture("64x36", 2), ...tone(2), ...X264, "-g", "15", "-c:a", "aac"],
    ...["-movflags", "frag_keyframe+empty_moov+default_base_moof+skip_trailer"],
  ],
  /** As few and as small pictures as twenty minutes can have. */
  "twenty-minutes.mp4": [...picture("64x36", 1200, "1"), ...X264],
  "ten-seconds.mp4": [...picture("64x36", 10, "1"), ...X264],
  /** A codec that no camera uses. */
  "unlisted.avi": [...picture("320x180", 1), "-c:v", "asv1"],
  "unlisted-audio.mov": [...picture("320x180", 1), ...tone(1), ...X264, "-c:a", "dfpwm"],
  "sound.m4a": [...tone(1), "-c:a", "aac"],
  "noise-3s.mp4": [
    ...["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30:d=3,noise=alls=12:allf=t"],
    ...["-f", "lavfi", "-i", "anoisesrc=c=pink:d=3:a=0.5"],
    ...[
      ...X264,
      "-b:v",
      "12M",
      "-maxrate",
      "14M",
      "-bufsize",
      "14M",
      "-g",
      "90",
      "-c:a",
      "aac",
      "-b:a",
      "192k",
    ],
  ],
  /** Thirty seconds of moving figures with film grain, 1080p30 at 12 Mb/s: it reaches the bit rate of every preset. */
  "fills.mp4": ["-stream_loop", "9", "-i", "{noise-3s.mp4}", "-c", "copy", "-t", "30"],
  /** Its first six seconds: long enough for the mean bit rate to reach the presets'. */
  "fills-6s.mp4": ["-stream_loop", "1", "-i", "{noise-3s.mp4}", "-c", "copy", "-t", "6"],
  "camera-3s.mp4": [
    ...["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30:d=3,noise=alls=12:allf=t"],
    ...["-f", "lavfi", "-i", "anoisesrc=c=pink:d=3:a=0.5", "-c:v", "libx264"],
    ...["-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p", "-b:v", "20M"],
    ...["-maxrate", "24M", "-bufsize", "24M", "-g", "30", "-c:a", "aac", "-b:a", "192k"],
  ],
  /** The same pictures as a phone or a camera encodes them: High profile, CABAC, 20 Mb/s. */
  "camera.mp4": ["-stream_loop", "9", "-i", "{camera-3s.mp4}", "-c", "copy", "-t", "30"],
} as const satisfies Record<string, readonly string[]>;
export type Clip = keyof typeof CLIPS;

const paths = new Map<Clip, Promise<string>>();

/** Path of a clip. It is created on first use and kept in the system's temporary folder. */
export function clip(name: Clip): Promise<string> {
  const known = paths.get(name) ?? find(name);
  paths.set(name, known);
  return known;
}

async function find(name: Clip): Promise<string> {
  const folder = join(tmpdir(), "rushes-clips-5");
  const path = join(folder, name);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const args: string[] = [];
  for (const argument of CLIPS[name]) {
    const other = (Object.keys(CLIPS) as Clip[]).find((key) => argument === `{${key}}`); // Its own keys.
    args.push(other ? await clip(other) : argument);
  }
  // Renamed when complete: other test files, in other processes and threads, may create the same clip now.
  const unfinished = join(folder, `${randomUUID()}-${name}`);
  try {
    await run(FFMPEG, ["-v", "error", "-y", ...args, unfinished]);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return path;
}
