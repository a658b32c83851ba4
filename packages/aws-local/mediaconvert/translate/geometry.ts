import type { Rational, VideoTrack } from "../media.ts";
import type { Input } from "../schema-input.ts";
import type { VideoDescription } from "../schema-video.ts";

export interface Size {
  width: number;
  height: number;
}

/** How to transform the upright picture: scale it, then crop or pad it. */
export interface Geometry {
  scale: Size;
  crop?: Size;
  pad?: Size;
  /** The shape of the output's pixels. Square without it. */
  sampleAspect?: Rational;
}

type Rotate = Input["videoSelector"]["rotate"];

/** The rotation in degrees clockwise: the file's own for AUTO, else the requested one. */
export function rotationOf(rotate: Rotate, video: VideoTrack): VideoTrack["rotation"] {
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

/** How to make the frames of an output from the upright picture. */
export function geometryOf(
  video: VideoTrack,
  degrees: VideoTrack["rotation"],
  requested: VideoDescription,
): Geometry {
  const { codecSettings } = requested;
  const followsSource =
    codecSettings.codec === "H_264" && codecSettings.h264Settings.parControl !== "SPECIFIED";
  if (!followsSource) return geometry(upright(video, degrees), requested);
  const { numerator, denominator } = video.sampleAspect;
  if (degrees % 180 === 0) {
    return { ...geometry(video, requested), sampleAspect: { numerator, denominator } };
  }
  const turned = { width: video.height, height: video.width };
  return {
    ...geometry(turned, requested),
    sampleAspect: { numerator: denominator, denominator: numerator },
  };
}

/** The displayed size: upright, with square pixels. */
export function upright(video: VideoTrack, degrees: VideoTrack["rotation"]): Size {
  const width = (video.width * video.sampleAspect.numerator) / video.sampleAspect.denominator;
  return degrees % 180 === 0
    ? { width, height: video.height }
    : { width: video.height, height: width };
}

/** How to fit a picture of this size into the requested output. Every size is even. */
export function geometry(source: Size, requested: VideoDescription): Geometry {
  const box = boxOf(source, requested);
  const fit = Math.min(box.width / source.width, box.height / source.height);
  switch (requested.scalingBehavior) {
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

/** The output's size. An omitted side follows the source. */
function boxOf(source: Size, requested: VideoDescription): Size {
  const ratio = source.width / source.height;
  const width = requested.width ?? (requested.height ? requested.height * ratio : source.width);
  const height = requested.height ?? (requested.width ? requested.width / ratio : source.height);
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

/** The nearest even number, at least 2. An odd side loses a row instead of gaining one. */
function even(value: number): number {
  const near = 2 * Math.round(value / 2);
  return Math.max(2, near > value && near - value >= 1 ? near - 2 : near);
}
