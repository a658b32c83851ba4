/** A video with signals in its picture and its sound, and what of them is in an output. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { FFPROBE } from "@rushes/testing/clips";
import { ffmpeg } from "@rushes/testing/patches";

const run = promisify(execFile);

/** A white picture and a beep at each of these times, in seconds. */
export const SIGNALS = [1, 3.5, 5];
/** The length of the video in seconds. */
export const LENGTH = 6.5;

const at = SIGNALS.map((time) => `between(t,${time},${time + 0.099})`).join("+");
/** The arguments with which ffmpeg creates a black, silent video with flashes and beeps. */
export const FLASHES = [
  ...["-f", "lavfi", "-i", `color=black:s=320x180:r=30:d=${LENGTH}`],
  ...["-f", "lavfi", "-i", `aevalsrc='0.5*sin(2000*PI*t)*(${at})':s=48000:d=${LENGTH}`],
  ...["-vf", `drawbox=c=white:t=fill:enable='${at}'`, "-c:v", "libx264", "-c:a", "aac"],
];

/** The times of the flashes and of the beeps, as a player shows what begins at the start of each file. */
export async function signals(
  video: string,
  audio: string,
): Promise<{ flashes: number[]; beeps: number[] }> {
  const frames = await ffmpeg([
    ...["-i", video, "-vf", "fps=30:start_time=0,scale=1:1", "-pix_fmt", "gray"],
    ...["-f", "rawvideo", "pipe:1"],
  ]);
  const samples = await ffmpeg([
    ...["-i", audio, "-af", "aresample=48000:async=1:first_pts=0", "-ac", "1"],
    ...["-f", "s16le", "pipe:1"],
  ]);
  const isLoud = (at: number) => Math.abs(samples.readInt16LE(2 * at)) > 3000;
  const loud = Array.from({ length: samples.length / 2 }, (_, at) => at).filter(isLoud);
  return {
    flashes: starts(Array.from(frames.keys()).filter((at) => (frames[at] ?? 0) > 128)).map(
      (at) => at / 30,
    ),
    beeps: starts(loud, 4800).map((at) => at / 48_000),
  };
}

/** The times of a video's keyframes, from its first one. */
export async function keyframes(path: string): Promise<number[]> {
  const entries = ["-show_entries", "packet=pts_time,flags", "-of", "csv=p=0"];
  const { stdout } = await run(FFPROBE, ["-v", "error", ...entries, path]);
  const times = stdout
    .split("\n")
    .filter((line) => line.includes(",K"))
    .map(Number.parseFloat);
  return times.map((time) => Number((time - (times[0] ?? 0)).toFixed(3)));
}

/** The first of each run of numbers. */
const starts = (numbers: number[], gap = 1) =>
  numbers.filter((number, at) => at === 0 || number - (numbers[at - 1] ?? 0) > gap);

/** The decode time of the first fragment of an fMP4. */
export function decodeTime(file: Buffer): bigint {
  const at = file.indexOf("tfdt");
  // After the version and the flags: 64 bits in version 1.
  return file[at + 4] === 1 ? file.readBigUInt64BE(at + 8) : BigInt(file.readUInt32BE(at + 8));
}

/** The composition offset of the first sample of an fMP4. */
export function compositionOffset(file: Buffer): number {
  const at = file.indexOf("trun");
  // Version 1 has signed offsets. The first sample has size, flags and offset, after 16 bytes of the box.
  if (file[at + 4] !== 1) throw new Error("The offsets have no sign.");
  return file.readInt32BE(at + 24);
}
