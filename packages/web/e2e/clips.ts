/** The files that the browser tests upload. ffmpeg creates them, so they are real videos. */
import { execFile } from "node:child_process";
import { open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** The size limit of the tests' stack. `tooLarge` exceeds it and is otherwise valid. */
export const LIMIT_BYTES = 64 * 1024 * 1024;

export const NAMES = {
  /** H.264 and AAC, with a space in its name. */
  mp4: "my video.mp4",
  /** VP8 and Vorbis. */
  webm: "clip.webm",
  /** Rotated by 90 degrees with a flag of the container. */
  mov: "sideways.mov",
  /** Over 32 MiB, so that it is uploaded in parts. */
  large: "large clip.mp4",
  /** Long enough for a test to act during its encode. */
  long: "long take.mp4",
  /** So wide that its files differ in size, although it has few pixels. */
  wide: "wide.mp4",
  /** Large enough for three rungs, with English and German sound, German subtitles and two chapters. */
  ladder: "ladder.mp4",
  /** Black and silent, with a flash and a beep at each time of `FLASHES`. */
  flashes: "flashes.mp4",
  /** Ends in the middle. */
  broken: "broken.mp4",
  /** Has wrong bytes in its middle. */
  damaged: "damaged.mp4",
  /** Text, not a video. */
  notes: "notes.mp4",
  empty: "empty.mp4",
  tooLarge: "too large.mp4",
} as const;
export type Clip = keyof typeof NAMES;

/** In seconds. */
export const FLASHES = [1, 2.6];

const run = promisify(execFile);
const ffmpeg = (...args: string[]) =>
  run(process.env.FFMPEG_PATH ?? "ffmpeg", ["-v", "error", "-y", ...args]);

const picture = (size: string, seconds: number, rate = 30) => [
  ...["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`],
  ...["-f", "lavfi", "-i", `sine=frequency=330:duration=${seconds}`],
];
const H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"];
const FAST = ["-movflags", "+faststart"];

/** A picture and a sound, both of which last 0.1 seconds at each time of `FLASHES`. */
function flashes(): string[] {
  const now = FLASHES.map((time) => `between(t,${time},${time + 0.099})`).join("+");
  return [
    ...["-f", "lavfi", "-i", "color=black:s=320x180:r=30:d=4"],
    ...["-f", "lavfi", "-i", `aevalsrc='0.5*sin(2000*PI*t)*(${now})':s=48000:d=4`],
    ...["-vf", `drawbox=c=white:t=fill:enable='${now}'`],
  ];
}

/** Appends a `free` box, which players skip, so that a short clip is as large as a long one. */
async function pad(path: string, toBytes: number): Promise<void> {
  const bytes = await readFile(path);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(toBytes - bytes.length, 0);
  header.write("free", 4, "latin1");
  const file = await open(path, "a");
  await file.write(header);
  await file.close();
  await truncate(path, toBytes);
}

/**
 * Writes a rotation by 90 degrees into the matrix of the first track. ffmpeg's option for it has different names in
 * different versions.
 */
async function turn(path: string): Promise<void> {
  const bytes = await readFile(path);
  const header = bytes.indexOf("tkhd");
  const matrix = [0, 0x10000, 0, -0x10000, 0, 0, 360 << 16, 0, 0x40000000];
  for (const [index, value] of matrix.entries()) {
    bytes.writeInt32BE(value, header + 44 + index * 4);
  }
  await writeFile(path, bytes);
}

const SUBTITLES = "1\n00:00:00,500 --> 00:00:06,500\nGuten Morgen\n";
const CHAPTERS = `;FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=0
END=4000
title=Arrival
[CHAPTER]
TIMEBASE=1/1000
START=4000
END=7000
title=The pier
`;

async function makeLadder(folder: string, path: string): Promise<void> {
  const [subtitles, chapters] = [join(folder, "ladder.srt"), join(folder, "ladder.txt")];
  await Promise.all([writeFile(subtitles, SUBTITLES), writeFile(chapters, CHAPTERS)]);
  await ffmpeg(
    ...picture("854x480", 7),
    ...["-f", "lavfi", "-i", "sine=frequency=440:duration=7"],
    ...["-i", subtitles, "-f", "ffmetadata", "-i", chapters],
    ...["-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:s"],
    ...["-map_metadata", "4", "-map_chapters", "4", "-c:s", "mov_text"],
    ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu"],
    ...["-metadata:s:s:0", "language=deu"],
    ...[...H264, ...FAST, path],
  );
}

/** Creates every clip in `folder`. */
export async function makeClips(folder: string): Promise<void> {
  const at = (clip: Clip) => join(folder, NAMES[clip]);
  await Promise.all([
    ffmpeg(...picture("640x360", 4), ...H264, ...FAST, at("mp4")),
    ffmpeg(
      ...picture("320x240", 3, 25),
      ...["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k"],
      ...["-c:a", "libopus", at("webm")],
    ),
    ffmpeg(...picture("1920x64", 2), ...H264, ...FAST, at("wide")),
    ffmpeg(...flashes(), ...H264, ...FAST, at("flashes")),
    makeLadder(folder, at("ladder")),
    ffmpeg(...picture("1280x720", 8), ...H264, ...FAST, at("long")),
  ]);
  await ffmpeg("-i", at("mp4"), "-c", "copy", ...FAST, at("mov"));
  await turn(at("mov"));
  await ffmpeg("-i", at("mp4"), "-c", "copy", ...FAST, at("large"));
  await pad(at("large"), 40 * 1024 * 1024);
  const whole = await readFile(at("mp4"));
  await writeFile(at("broken"), whole.subarray(0, Math.floor(whole.length / 2)));
  const middle = Math.floor(whole.length / 2);
  await writeFile(at("damaged"), Buffer.from(whole).fill(0xa5, middle, middle + 20_000));
  await writeFile(at("notes"), "Scene 4, take 2: the lamp flickers.\n".repeat(100));
  await writeFile(at("empty"), "");
  await writeFile(at("tooLarge"), "");
  await truncate(at("tooLarge"), LIMIT_BYTES + 1);
}
