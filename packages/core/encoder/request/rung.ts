import type { VideoDescription } from "@aws-sdk/client-mediaconvert";
import { type LadderLimits, type Rung, SEGMENT_SECONDS } from "../../rendition/ladder.ts";
import type { Profile } from "../../rendition/profile.ts";
import { type Picture, preprocessors, type TranscodeRequest } from "./source.ts";

/** MediaConvert's smallest width and height. */
const MIN_SIDE = 32;

export const limitsOf = ({ maxShortSide, maxFrameRate }: Profile): LadderLimits => ({
  maxShortSide,
  maxFrameRate,
});

export const shortSide = ({ width, height }: Rung) => Math.min(width, height);

/**
 * The video of a rung. Equal rungs have equal descriptions, so that an encoder which recognizes them encodes the picture
 * once.
 */
export function rungVideo(
  rung: Rung,
  { profile }: TranscodeRequest,
  picture: Picture,
): VideoDescription {
  const isTiny = shortSide(rung) < MIN_SIDE;
  return {
    Width: Math.max(MIN_SIDE, rung.width),
    Height: Math.max(MIN_SIDE, rung.height),
    // The size of a rung is exact, except for pictures that are smaller than MediaConvert allows.
    ScalingBehavior: isTiny ? "FIT_NO_UPSCALE" : "STRETCH_TO_OUTPUT",
    VideoPreprocessors: preprocessors(picture),
    CodecSettings: {
      Codec: "H_264",
      H264Settings: {
        CodecProfile: "HIGH",
        CodecLevel: "AUTO",
        RateControlMode: "QVBR",
        QvbrSettings: { QvbrQualityLevel: profile.quality },
        MaxBitrate: rung.maxBitRate,
        HrdBufferSize: rung.maxBitRate,
        QualityTuningLevel: "SINGLE_PASS_HQ",
        FramerateControl: "SPECIFIED",
        FramerateNumerator: rung.frameRate.numerator,
        FramerateDenominator: rung.frameRate.denominator,
        FramerateConversionAlgorithm: "DUPLICATE_DROP",
        // A player can change the rung at each keyframe, so they are at the same time in all rungs.
        GopSizeUnits: "SECONDS",
        GopSize: SEGMENT_SECONDS,
        GopClosedCadence: 1,
        SceneChangeDetect: "DISABLED",
        EntropyEncoding: "CABAC",
        InterlaceMode: "PROGRESSIVE",
        ParControl: "SPECIFIED",
        ParNumerator: 1,
        ParDenominator: 1,
      },
    },
  };
}
