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
const CORRUPT = new RegExp(
  [
    "corrupt decoded frame|error while decoding MB|(?:ac-tex|mb incr) damaged",
    // Matroska, Flash Video, Ogg, MXF, ASF, transport stream.
    "invalid as first byte of an EBML number|exceeds containing master element",
    "\\] Packet mismatch |\\] CRC mismatch!|edit unit sync lost on stream",
    "ff asf bad header|packet_obj_size -?\\d+ invalid|max resync size reached",
  ].join("|"),
);
/** A packet of a transport stream that lacks a part. The last packet before a join may lack its end. */
const LOST = /: corrupt input packet in stream (\d+)/;
/** A packet that could not be decoded at all. */
const UNDECODED = /Error while decoding stream|Error submitting packet to decoder/;

/**
 * Returns a function that tells whether the lines of ffmpeg's log up to now report damage in the input. A program stream
 * that was cut at its start begins with packets without their headers, which is not damage. With a transport stream, the
 * decoders wait for headers without an error.
 */
export function damageDetector({
  container,
  joins,
}: Pick<MediaInfo, "container" | "joins">): (line: string) => boolean {
  const lost = new Map<string, number>();
  let damaged = false;
  return (line) => {
    damaged ||= CORRUPT.test(line) || (UNDECODED.test(line) && container !== "mpeg");
    const [, stream] = LOST.exec(line) ?? [];
    if (stream !== undefined && container === "mpegts" && joins !== undefined) {
      const count = (lost.get(stream) ?? 0) + 1;
      lost.set(stream, count);
      damaged ||= count > joins;
    }
    return damaged;
  };
}

/** Whether a length differs from one that a container without an index states by more than such a length is inexact. */
export const isFarOff = (missing: number, stated: number) => missing > Math.max(2, stated * 0.1);

/** Containers with an exact length of the picture in their headers, and which the demuxer reads on after damage. */
const EXACT = new Set(["avi", "mxf"]);

/**
 * Whether the pictures end before the container says. Of joined recordings, the second may have another codec or other
 * track numbers. `seconds` were encoded.
 */
export function endsEarly(
  seconds: number,
  {
    container,
    video,
    durationSeconds = 0,
    joins,
  }: Pick<MediaInfo, "container" | "video" | "durationSeconds" | "joins">,
): boolean {
  if (/^mpeg/.test(container) && joins !== undefined) {
    return isFarOff(durationSeconds - seconds, durationSeconds);
  }
  const stated = video?.durationSeconds;
  if (stated === undefined || !EXACT.has(container)) return false;
  return stated - seconds > Math.max(0.5, stated * 0.02);
}

/** Whether a line of ffmpeg's log reports a picture of another size or pixel format, to filters that stay as they are. */
export const showsChange = (line: string): boolean =>
  line.includes("Changing video frame properties on the fly");
