import { isFarOff } from "./damage.ts";
import { DiskFull } from "./disk.ts";
import { JOB_ERRORS, JobError } from "./errors.ts";
import type { FfmpegResult } from "./ffmpeg.ts";
import { TRUNCATED } from "./input.ts";
import type { MediaInfo } from "./media.ts";

/**
 * Checks that a run wrote complete outputs. ffmpeg exits with 0 for a truncated input, so this compares the
 * written duration with the duration in the container. A still picture at the end of a screen recording
 * makes the written duration shorter too. Bytes are missing only if a demuxer reported it, or if the
 * duration is far off in a container without an index.
 *
 * @param hasPicture false if no output has one
 * @throws JobError, or DiskFull
 */
export function checkExit(result: FfmpegResult, media: MediaInfo, hasPicture = true): void {
  const { code, lines, progress } = result;
  const output = lines.join("\n");
  if (result.limitError) throw result.limitError;
  // Also with 0: some versions exit with 0 if the last write fails.
  if (DISK_FULL.test(output)) throw new DiskFull();
  if (code !== 0) throw failure(result, media);
  if (hasPicture ? progress.frames === 0 : progress.seconds === 0) {
    const what = hasPicture ? "frame of the input's video" : "part of the input's audio";
    throw new JobError(JOB_ERRORS.damaged, `No ${what} can be decoded.`, tail(lines));
  }
  // The audio of a video may be shorter than its picture.
  const expected = hasPicture || !media.video ? media.durationSeconds : undefined;
  if (expected === undefined || media.lengthIsEstimate) return;
  const missing = expected - progress.seconds;
  const isReported = TRUNCATED.test(output) && missing > Math.max(0.5, expected * 0.01);
  const hasIndex = media.container.includes("mp4");
  // A file that was read to its end lacks no end: what is missing could not be decoded.
  const wasRead = media.joins !== undefined;
  if (isReported || (!hasIndex && !wasRead && isFarOff(missing, expected))) {
    throw new JobError(
      JOB_ERRORS.truncated,
      `The input is truncated: its container states ${expected.toFixed(1)} s, but only ${progress.seconds.toFixed(1)} s can be read.`,
      tail(lines),
    );
  }
}

/** Checks that a run that copied the encoder's own files succeeded. @throws JobError, or DiskFull */
export function checkCopy({ code, lines }: FfmpegResult): void {
  if (DISK_FULL.test(lines.join("\n"))) throw new DiskFull();
  if (code === 0) return;
  const log = `ffmpeg exited with ${code}. ${tail(lines)}`;
  throw isSignal(code)
    ? new JobError(JOB_ERRORS.unknown, "The encoder was stopped before it finished.", log)
    : new JobError(JOB_ERRORS.internal, "The encoded tracks could not be copied to a file.", log);
}

/**
 * The cause of a failed exit: the machine, the file, or a bug of this encoder. The patterns match messages
 * of ffmpeg 5 to 7. An unknown message counts as a bug, so that nobody searches for an error in a good file.
 */
function failure({ code, lines }: FfmpegResult, media: MediaInfo): JobError {
  const output = lines.join("\n");
  const log = `ffmpeg exited with ${code}. ${tail(lines)}`;
  const error = (jobError: JobError["code"], message: string) =>
    new JobError(jobError, message, log);
  // It may also be a bug that crashes ffmpeg on this file. The automatic retry shows which it is.
  if (isSignal(code) || /received signal \d/.test(output)) {
    return error(JOB_ERRORS.unknown, "The encoder was stopped before it finished.");
  }
  if (NO_MEMORY.test(output)) {
    return error(JOB_ERRORS.outOfMemory, "The machine has too little memory for the encoder.");
  }
  if (UNREACHABLE.test(output)) {
    return error(JOB_ERRORS.timeout, "The input could not be read from S3.");
  }
  const pixels = /exceeds specified max pixel count (\d+)/.exec(output);
  if (pixels) {
    return error(JOB_ERRORS.pixelLimit, `A frame has more pixels than the limit of ${pixels[1]}.`);
  }
  const undecodable = undecodableStream(output);
  if (undecodable !== undefined) {
    return media.audio.some((track) => track.index === undecodable)
      ? error(JOB_ERRORS.unsupportedAudio, "The input's audio cannot be decoded.")
      : error(JOB_ERRORS.unsupportedVideo, "The input's video cannot be decoded.");
  }
  if (INVALID_COMMAND.test(output))
    return error(JOB_ERRORS.internal, "ffmpeg rejected its arguments.");
  if (DAMAGED.test(output)) return error(JOB_ERRORS.damaged, "The input's data is corrupt.");
  return error(JOB_ERRORS.internal, `ffmpeg exited with ${code}.`);
}

const DISK_FULL = /No space left on device|Disk quota exceeded/;
const NO_MEMORY = /Cannot allocate memory|std::bad_alloc|malloc of size \d+ failed/;
const UNREACHABLE =
  /Connection (?:refused|reset|timed out)|Network is unreachable|Server returned 5|Operation timed out/;
const INVALID_COMMAND =
  /No such filter|no path between colorspaces|Error (?:re)?(?:initializing|configuring) (?:complex )?filter|Unrecognized option|Option .* not found|Unknown encoder|Invalid loglevel|Impossible to convert between the formats|matches no streams/;
const DAMAGED =
  /Invalid data found|[Cc]ould not find codec parameters|Error while decoding|Error decoding|corrupt|moov atom not found/;

/**
 * A shell reports a child that was killed by a signal as 128 plus the signal's number. ffmpeg itself exits with
 * 255 after SIGTERM or SIGINT, with nothing else: https://github.com/FFmpeg/FFmpeg/blob/n5.1/fftools/ffmpeg.c
 */
function isSignal(code: number): boolean {
  return code === 255 || (code > 128 && code <= 128 + 64);
}

/** The index of the input's stream without a decoder; -1 if the output does not state it. */
function undecodableStream(output: string): number | undefined {
  const named =
    /(?:Decoder \(codec [^)]*\) not found for input stream|Error while opening decoder for input stream) #0:(\d+)/.exec(
      output,
    );
  if (named) return Number(named[1]);
  return /Decoder .*not found|not on whitelist/.test(output) ? -1 : undefined;
}

function tail(lines: string[]): string {
  return lines
    .slice(-20)
    .map((line) => line.slice(0, 300))
    .join(" | ");
}
