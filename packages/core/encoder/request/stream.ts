/** The adaptive stream, and the files that repeat its tracks. */
import type {
  CmafGroupSettings,
  CmafImageBasedTrickPlaySettings,
  OutputGroup,
} from "@aws-sdk/client-mediaconvert";
import { ladderFor, rungIn, SEGMENT_SECONDS } from "../../rendition/ladder.ts";
import { PRESETS } from "../../rendition/preset.ts";
import type { Download } from "../../rendition/profile.ts";
import { storyboardOf } from "../../rendition/storyboard.ts";
import { audioRenditions, streamAudio } from "./audio.ts";
import { captionRenditions } from "./captions.ts";
import { fileGroup, mp4Output } from "./file-group.ts";
import { limitsOf, rungVideo, shortSide } from "./rung.ts";
import type { Picture, TranscodeRequest } from "./source.ts";

/** The stream: one output for each rung, each audio rendition and each text track. */
export function streamGroup(request: TranscodeRequest, picture: Picture | undefined): OutputGroup {
  const { profile, source } = request;
  const rungs = picture ? ladderFor(pictureOf(request, picture), limitsOf(profile)) : [];
  return {
    Name: "CMAF",
    CustomName: "HLS",
    OutputGroupSettings: {
      Type: "CMAF_GROUP_SETTINGS",
      CmafGroupSettings: {
        ...packaging(request),
        ...(picture && profile.storyboard && storyboard(request, picture)),
      },
    },
    Outputs: [
      ...rungs.flatMap((rung) =>
        picture
          ? [
              {
                NameModifier: `-${shortSide(rung)}p`,
                ContainerSettings: { Container: "CMFC" as const },
                VideoDescription: rungVideo(rung, request, picture),
              },
            ]
          : [],
      ),
      ...audioRenditions(source.audio, picture !== undefined),
      ...captionRenditions(source.captions),
    ],
  };
}

function packaging({ destination }: TranscodeRequest): CmafGroupSettings {
  return {
    Destination: `${destination}hls/index`,
    WriteHlsManifest: "ENABLED",
    WriteDashManifest: "DISABLED",
    SegmentControl: "SEGMENTED_FILES",
    SegmentLength: SEGMENT_SECONDS,
    FragmentLength: SEGMENT_SECONDS,
    CodecSpecification: "RFC_6381",
    ManifestDurationFormat: "FLOATING_POINT",
    StreamInfResolution: "INCLUDE",
    // Players of fMP4 ignore edit lists: with unsigned offsets, sound plays 44 to 50 ms early.
    VideoCompositionOffsets: "SIGNED",
  };
}

function storyboard(request: TranscodeRequest, picture: Picture): CmafGroupSettings {
  const { width, height, intervalSeconds, columns, rows } = storyboardOf(
    pictureOf(request, picture),
  );
  const settings: CmafImageBasedTrickPlaySettings = {
    IntervalCadence: "FOLLOW_CUSTOM",
    ThumbnailInterval: intervalSeconds,
    ThumbnailWidth: width,
    ThumbnailHeight: height,
    TileWidth: columns,
    TileHeight: rows,
  };
  return { ImageBasedTrickPlay: "ADVANCED", ImageBasedTrickPlaySettings: settings };
}

/** MP4 files of the best rungs that fit into the presets' boxes, with the sound of the stream. */
export function downloadGroup(
  request: TranscodeRequest,
  picture: Picture,
  labels: readonly Download[],
): OutputGroup {
  const { profile, source } = request;
  const presets = PRESETS.filter(({ label }) => labels.includes(label));
  return fileGroup(
    request,
    "MP4",
    presets.map(({ label, video }) => {
      const rung = rungIn(video, pictureOf(request, picture), limitsOf(profile));
      return mp4Output(label, "mp4", {
        VideoDescription: rungVideo(rung, request, picture),
        ...(source.audio.length > 0 && { AudioDescriptions: [streamAudio(source.audio, 0)] }),
      });
    }),
  );
}

/** The sound as one file. */
export function soundGroup(request: TranscodeRequest): OutputGroup {
  return fileGroup(request, "Audio", [
    mp4Output("audio", "m4a", { AudioDescriptions: [streamAudio(request.source.audio, 0)] }),
  ]);
}

const pictureOf = ({ source }: TranscodeRequest, picture: Picture) => ({
  ...picture,
  durationSeconds: source.durationSeconds,
});
