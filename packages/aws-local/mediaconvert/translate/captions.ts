import { languageName, languageTag } from "@rushes/core/language";
import { JOB_ERRORS, JobError } from "../errors.ts";
import type { MediaInfo, TextTrack } from "../media.ts";
import type { CaptionDescription } from "../schema-captions.ts";
import type { Input } from "../schema-input.ts";
import type { CmafCaptions } from "./plan.ts";

/** The one format that MediaConvert reads from a container by its track. */
const READABLE = "mov_text";

/**
 * Plans a captions track of a CMAF group, and the arguments that write it as WebVTT.
 *
 * @throws JobError 1040 if the source does not have the track, or has it in a format that MediaConvert does
 *   not read, such as SubRip in Matroska
 */
export function planCaptions(
  description: CaptionDescription,
  files: { file: string; keyStem: string },
  { input, media }: { input: Input; media: MediaInfo },
): { captions: CmafCaptions; args: string[] } {
  const track = selectCaptions(description.captionSelectorName, input, media);
  const { customLanguageCode, languageCode, languageDescription } = description;
  const language = customLanguageCode ?? languageTag(languageCode ?? track.language);
  const { accessibility } = description.destinationSettings.webvttDestinationSettings ?? {};
  const captions = {
    ...files,
    file: `${files.file}.vtt`,
    language,
    name: languageDescription || (language && languageName(language)) || "Captions",
    isAccessible: accessibility === "ENABLED",
  };
  const args = ["-map", `0:${track.index}`, "-map_metadata", "-1", "-c:s", "webvtt"];
  return { captions, args: [...args, "-f", "webvtt", captions.file] };
}

function selectCaptions(name: string, input: Input, { text }: MediaInfo): TextTrack {
  const source = input.captionSelectors[name]?.sourceSettings.trackSourceSettings;
  const { trackNumber, streamNumber } = source ?? {};
  const track =
    streamNumber === undefined
      ? text[(trackNumber ?? 1) - 1]
      : text.find(({ index }) => index === streamNumber - 1);
  if (track?.codec === READABLE) return track;
  const problem = track
    ? `has ${track.codec}, which MediaConvert does not read from a container`
    : `is missing: the input has ${text.length} captions tracks`;
  throw new JobError(
    JOB_ERRORS.settings,
    `The track of the caption selector "${name}" ${problem}.`,
  );
}
