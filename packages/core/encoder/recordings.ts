import type { Track } from "@aws-sdk/client-mediaconvert";
import { languageTag } from "../language.ts";
import type { Recording } from "../source/schema.ts";

/** The most channels that MediaConvert mixes. */
const MOST_CHANNELS = 64;
/** The containers of cameras and recorders, which write each microphone to its own track. */
const RECORDERS = /^(quicktime|mp4|mxf)$/i;

/**
 * The recordings in the audio tracks of a source: one for each language, the one that plays by default first, and the
 * others in the order of the file. The mono tracks of a recorder are one recording. Undefined if there is one recording,
 * and it is the first track.
 *
 * @param defaultAt the index of the track that plays by default
 */
export function recordingsOf(
  audio: readonly Track[],
  container: string | undefined,
  defaultAt = 0,
): Recording[] | undefined {
  const languages = new Map<string, Recording>();
  // A track of a known language is not used.
  for (const at of new Set([defaultAt, ...audio.keys()])) {
    const track = audio[at];
    if (!track) continue;
    const language = languageTag(track.AudioProperties?.LanguageCode);
    const known = languages.get(language ?? "");
    if (!known) languages.set(language ?? "", { tracks: [at + 1], language });
    else if (RECORDERS.test(container ?? "") && known.tracks.length < MOST_CHANNELS) {
      if (areMicrophones(audio[(known.tracks[0] ?? 1) - 1], track)) known.tracks.push(at + 1);
    }
  }
  const recordings = [...languages.values()];
  for (const { tracks } of recordings) tracks.sort((a, b) => a - b);
  const [first, ...others] = recordings;
  const isFirstTrack = first?.tracks.length === 1 && first.tracks[0] === 1;
  return isFirstTrack && others.length === 0 ? undefined : recordings;
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
