import type { Track } from "@aws-sdk/client-mediaconvert";
import { languageTag } from "../language.ts";
import type { Recording } from "../source/schema.ts";

/** The most channels that MediaConvert mixes. */
const MOST_CHANNELS = 64;
/** The containers of cameras and recorders, which write each microphone to its own track. */
const RECORDERS = /^(quicktime|mp4|mxf)$/i;

/**
 * The recordings in the audio tracks of a source: one for each language, in the order of the file. The mono tracks of a
 * recorder are one recording. Undefined if there is one recording of one track: it is the source's default track.
 */
export function recordingsOf(
  audio: readonly Track[],
  container: string | undefined,
): Recording[] | undefined {
  const languages = new Map<string, Recording>();
  audio.forEach((track, at) => {
    const language = languageTag(track.AudioProperties?.LanguageCode);
    const known = languages.get(language ?? "");
    if (!known) languages.set(language ?? "", { tracks: [at + 1], language });
    else if (RECORDERS.test(container ?? "") && known.tracks.length < MOST_CHANNELS) {
      if (areMicrophones(audio[(known.tracks[0] ?? 1) - 1], track)) known.tracks.push(at + 1);
    }
  });
  const recordings = [...languages.values()];
  return recordings.length > 1 || recordings.some(({ tracks }) => tracks.length > 1)
    ? recordings
    : undefined;
}

/** True for two mono tracks of the same format. */
function areMicrophones(a: Track | undefined, b: Track): boolean {
  const [first, second] = [a?.AudioProperties, b.AudioProperties];
  return (
    first?.Channels === 1 &&
    second?.Channels === 1 &&
    a?.Codec === b.Codec &&
    first.SampleRate === second.SampleRate
  );
}
