import type { VideoTrack } from "../media.ts";
import type { Input, VideoDescription } from "../schema.ts";

export interface Size {
  width: number;
  height: number;
}

/** What becomes of the upright picture: scaled, then perhaps cropped or set into a frame. */
export interface Geometry {
  scale: Size;
  crop?: Size;
  pad?: Size;
}

type Rotate = Input["videoSelector"]["rotate"];

/** Clockwise degrees that the picture is turned by: the file's own for AUTO, else what is asked. */
export function turn(rotate: Rotate, video: VideoTrack): VideoTrack["rotation"] {
  switch (rotate) {
    case "AUTO":
      return video.rotation;
    case "DEGREE_0":
      return 0;
    case "DEGREES_90":
      return 90;
    case "DEGREES_180":
      return 180;
    case "DEGREES_270":
      return 270;
  }
}

/** The picture's size as people see it: square pixels, upright. */
export function upright(video: VideoTrack, degrees: VideoTrack["rotation"]): Size {
  const width = (video.width * video.sampleAspect.numerator) / video.sampleAspect.denominator;
  return degrees % 180 === 0
    ? { width, height: video.height }
    : { width: video.height, height: width };
}

/** Where a picture of this size goes in the output that is asked for; every size is even. */
export function geometry(source: Size, wanted: VideoDescription): Geometry {
  const box = boxOf(source, wanted);
  const fit = Math.min(box.width / source.width, box.height / source.height);
  switch (wanted.scalingBehavior) {
    case "STRETCH_TO_OUTPUT":
      return { scale: box };
    case "FIT":
      return { scale: scaled(source, fit, box) };
    case "FIT_NO_UPSCALE":
      return { scale: scaled(source, Math.min(fit, 1), box) };
    case "FILL": {
      const cover = Math.max(box.width / source.width, box.height / source.height);
      return { scale: covering(source, cover, box), crop: box };
    }
    case "DEFAULT":
      return { scale: scaled(source, fit, box), pad: box };
  }
}

/** The output's size; where one side or both are left out, they follow the source. */
function boxOf(source: Size, wanted: VideoDescription): Size {
  const ratio = source.width / source.height;
  const width = wanted.width ?? (wanted.height ? wanted.height * ratio : source.width);
  const height = wanted.height ?? (wanted.width ? wanted.width / ratio : source.height);
  return { width: even(width), height: even(height) };
}

function scaled(source: Size, factor: number, box: Size): Size {
  return {
    width: Math.min(even(source.width * factor), box.width),
    height: Math.min(even(source.height * factor), box.height),
  };
}

function covering(source: Size, factor: number, box: Size): Size {
  return {
    width: Math.max(even(source.width * factor), box.width),
    height: Math.max(even(source.height * factor), box.height),
  };
}

/** The nearest even number, 2 at least. An odd side loses a row rather than gain one. */
function even(value: number): number {
  const near = 2 * Math.round(value / 2);
  return Math.max(2, near > value && near - value >= 1 ? near - 2 : near);
}
