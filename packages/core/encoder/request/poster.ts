import type { OutputGroup } from "@aws-sdk/client-mediaconvert";
import { POSTER } from "../../rendition/preset.ts";
import { fileGroup } from "./file-group.ts";
import { type Picture, preprocessors, type TranscodeRequest } from "./source.ts";

/**
 * Captures spread over the whole length, the first at the start. One per second if the length is unknown. For a video
 * shorter than one second, eight per second.
 */
export function posterGroup(request: TranscodeRequest, picture: Picture): OutputGroup {
  const { durationSeconds } = request.source;
  const seconds = durationSeconds > 0 ? Math.max(1, durationSeconds) : POSTER.captures;
  return fileGroup(request, "Poster", [
    {
      NameModifier: `-${POSTER.label}`,
      Extension: "jpg",
      ContainerSettings: { Container: "RAW" },
      VideoDescription: {
        Width: POSTER.maxWidth,
        Height: POSTER.maxHeight,
        ScalingBehavior: "FIT_NO_UPSCALE",
        VideoPreprocessors: preprocessors(picture),
        CodecSettings: {
          Codec: "FRAME_CAPTURE",
          FrameCaptureSettings: {
            // In milliseconds, because both must be whole numbers.
            FramerateNumerator: POSTER.captures * 1000,
            FramerateDenominator: Math.round(seconds * 1000),
            MaxCaptures: POSTER.captures,
            Quality: POSTER.quality,
          },
        },
      },
    },
  ]);
}
