import { WARNING_CODE } from "@rushes/core/encoder/code";
import type { MediaInfo } from "./media.ts";

/** The warning about an input of which a part could not be decoded. */
export const DAMAGED = {
  code: WARNING_CODE.damaged,
  message: "Part of the input's data is corrupt and was left out or concealed.",
};

/** A frame or a part of the container that is there and wrong, as ffmpeg 5 to 7 report it. */
const WRONG =
  /corrupt decoded frame|error while decoding MB|(?:ac-tex|mb incr) damaged|invalid as first byte of an EBML number|exceeds containing master element/;
/** A packet that could not be decoded at all. */
const UNDECODED = /Error while decoding stream|Error submitting packet to decoder/;

/**
 * Whether a line of ffmpeg's log shows that a part of the input is damaged. A program stream that begins
 * in the middle begins with packets that lack their headers: that is no damage. A transport stream's
 * decoders wait for headers without an error.
 */
export function showsDamage(line: string, { container }: Pick<MediaInfo, "container">): boolean {
  return WRONG.test(line) || (UNDECODED.test(line) && container !== "mpeg");
}
