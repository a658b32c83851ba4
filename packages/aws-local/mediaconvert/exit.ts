import { DiskFull } from "./disk.ts";
import { JOB_ERRORS, JobError } from "./errors.ts";
import type { FfmpegResult } from "./ffmpeg.ts";
import { TRUNCATED } from "./input.ts";
import type { MediaInfo } from "./media.ts";

/**
 * Whether a run that ended made whole outputs. ffmpeg ends with 0 on an input that was cut off, so
 * what was written is compared with what the container promised. A still that ends a screen
 * recording also makes that shorter; only a demuxer that complained, or a length far off in a
 * container without an index, means that bytes are missing.
 *
 * @throws JobError, or DiskFull.
 */
export function checkExit(ended: FfmpegResult, media: MediaInfo): void {
  const { code, lines, last } = ended;
  const said = lines.join("\n");
  if (ended.stopped) throw ended.stopped;
  // Also with 0: what could not be written at the very end is no error to every version.
  if (DISK_FULL.test(said)) throw new DiskFull();
  if (code !== 0) throw failure(ended, media);
  if (last.frames === 0) {
    throw new JobError(
      JOB_ERRORS.damaged,
      "No frame of the input's video could be decoded.",
      tail(lines),
    );
  }
  const promised = media.durationSeconds;
  if (promised === undefined || media.lengthIsEstimate) return;
  const missing = promised - last.seconds;
  const complained = TRUNCATED.test(said) && missing > Math.max(0.5, promised * 0.01);
  const indexed = media.container.includes("mp4");
  if (complained || (!indexed && missing > Math.max(2, promised * 0.1))) {
    throw new JobError(
      JOB_ERRORS.truncated,
      `The input is truncated: its container says ${promised.toFixed(1)} s, ${last.seconds.toFixed(1)} s could be read.`,
      tail(lines),
    );
  }
}

/**
 * Whose fault an exit of ffmpeg is: the machine's, the file's, or else ours. Its messages are those of
 * ffmpeg 5 to 7. What is in none of the lists is ours, so that nobody is sent to look for a fault in a
 * good file.
 */
function failure({ code, lines }: FfmpegResult, media: MediaInfo): JobError {
  const said = lines.join("\n");
  const log = `ffmpeg ended with ${code}. ${tail(lines)}`;
  const error = (jobError: JobError["code"], message: string) =>
    new JobError(jobError, message, log);
  // Cannot be told from a defect that crashes on this file: the repetition shows which it was.
  if (signalOf(code) || /received signal \d/.test(said)) {
    return error(JOB_ERRORS.unknown, "The encoder was stopped before it was done.");
  }
  if (NO_MEMORY.test(said)) {
    return error(JOB_ERRORS.outOfMemory, "The machine has no memory left for the encoder.");
  }
  if (UNREACHABLE.test(said)) {
    return error(JOB_ERRORS.timeout, "The input could not be read from S3.");
  }
  const pixels = /exceeds specified max pixel count (\d+)/.exec(said);
  if (pixels) {
    return error(JOB_ERRORS.pixelLimit, `A frame has more pixels than the limit of ${pixels[1]}.`);
  }
  const undecodable = undecodableStream(said);
  if (undecodable !== undefined) {
    return media.audio.some((track) => track.index === undecodable)
      ? error(JOB_ERRORS.unsupportedAudio, "The input's audio cannot be decoded.")
      : error(JOB_ERRORS.unsupportedVideo, "The input's video cannot be decoded.");
  }
  if (OURS.test(said)) return error(JOB_ERRORS.internal, "ffmpeg refused its arguments.");
  if (DAMAGED.test(said)) return error(JOB_ERRORS.damaged, "The input's data is corrupt.");
  return error(JOB_ERRORS.internal, `ffmpeg ended with ${code}.`);
}

const DISK_FULL = /No space left on device|Disk quota exceeded/;
const NO_MEMORY = /Cannot allocate memory|std::bad_alloc|malloc of size \d+ failed/;
const UNREACHABLE =
  /Connection (?:refused|reset|timed out)|Network is unreachable|Server returned 5|Operation timed out/;
const OURS =
  /No such filter|no path between colorspaces|Error (?:re)?(?:initializing|configuring) (?:complex )?filter|Unrecognized option|Option .* not found|Unknown encoder|Invalid loglevel|Impossible to convert between the formats|matches no streams/;
const DAMAGED =
  /Invalid data found|[Cc]ould not find codec parameters|Error while decoding|Error decoding|corrupt|moov atom not found/;

/** A shell reports a child that was killed by a signal as 128 and its number. */
function signalOf(code: number): boolean {
  return code > 128 && code <= 128 + 64;
}

/** The number of the input's stream that has no decoder, or -1 where it is not stated. */
function undecodableStream(said: string): number | undefined {
  const named =
    /(?:Decoder \(codec [^)]*\) not found for input stream|Error while opening decoder for input stream) #0:(\d+)/.exec(
      said,
    );
  if (named) return Number(named[1]);
  return /Decoder .*not found|not on whitelist/.test(said) ? -1 : undefined;
}

function tail(lines: string[]): string {
  return lines
    .slice(-20)
    .map((line) => line.slice(0, 300))
    .join(" | ");
}
