import { WARNING_CODE } from "@rushes/core/encoder/code";
import type { MediaInfo } from "./media.ts";

/** The warning for an input with a part that could not be decoded. */
export const DAMAGED = {
  code: WARNING_CODE.damaged,
  message: "Part of the input's data is corrupt and was left out or concealed.",
};

/** The warning for an input whose pictures change. The scaler fits each of them into the size of the first. */
export const CHANGED = {
  code: WARNING_CODE.pictureChanged,
  message: "The size or pixel format of the input's pictures changes.",
};

/** How ffmpeg 5 to 7 report a damaged frame or a damaged part of the container. */
const CORRUPT =
  /corrupt decoded frame|error while decoding MB|(?:ac-tex|mb incr) damaged|invalid as first byte of an EBML number|exceeds containing master element/;
/** A packet that could not be decoded at all. */
const UNDECODED = /Error while decoding stream|Error submitting packet to decoder/;

/**
 * Whether a line of ffmpeg's log reports damage in the input. A program stream that was cut at its start
 * begins with packets without their headers, which is not damage. With a transport stream, the decoders
 * wait for headers without an error.
 */
export function showsDamage(line: string, { container }: Pick<MediaInfo, "container">): boolean {
  return CORRUPT.test(line) || (UNDECODED.test(line) && container !== "mpeg");
}

/** Whether a line of ffmpeg's log reports a picture of another size or pixel format, to filters that stay as they are. */
export const showsChange = (line: string): boolean =>
  line.includes("Changing video frame properties on the fly");
