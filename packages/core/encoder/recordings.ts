import type { Track } from "@aws-sdk/client-mediaconvert";
import { languageTag } from "../language.ts";
import type { Recording } from "../source/schema.ts";

/**
 * The recordings in the audio tracks of a source: one for each language, in the order of the file. Undefined if there is
 * at most one language: then the default track is the recording.
 */
export function recordingsOf(audio: readonly Track[]): Recording[] | undefined {
  const languages = new Map<string, Recording>();
  audio.forEach((track, at) => {
    const language = languageTag(track.AudioProperties?.LanguageCode);
    const known = languages.get(language ?? "");
    if (!known) languages.set(language ?? "", { tracks: [at + 1], language });
  });
  return languages.size < 2 ? undefined : [...languages.values()];
}
