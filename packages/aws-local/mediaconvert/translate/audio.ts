import { JOB_ERRORS, JobError } from "../errors.ts";
import type { AudioTrack, MediaInfo } from "../media.ts";
import type { AudioDescription, Input } from "../schema.ts";

const CHANNELS = { CODING_MODE_1_0: 1, CODING_MODE_2_0: 2, CODING_MODE_5_1: 6 } as const;

/** The track that a description's selector chooses. Throws JobError 1021 where there is none. */
export function selectAudio(audio: AudioDescription, input: Input, media: MediaInfo): AudioTrack {
  const name = audio.audioSourceName ?? "Audio Selector 1";
  const number = input.audioSelectors[name]?.tracks?.[0] ?? 1;
  const track = media.audio[number - 1];
  if (!track) {
    throw new JobError(
      JOB_ERRORS.noAudio,
      `The audio selector "${name}" asks for audio track ${number}; the input has ${media.audio.length}.`,
    );
  }
  return track;
}

/** The encoder's arguments for one output file's only sound track, made of `track`. */
export function aacArgs(audio: AudioDescription, track: AudioTrack): string[] {
  const { aacSettings } = audio.codecSettings;
  return [
    ...["-c:a", "aac", "-profile:a", "aac_low", "-b:a", String(aacSettings.bitrate)],
    ...["-ar", String(aacSettings.sampleRate), "-ac", String(CHANNELS[aacSettings.codingMode])],
    // Gaps in the source's timestamps become silence, so that sound stays with the picture.
    ...["-af", [...mixFilters(track), "aresample=async=1"].join(",")],
  ];
}

/**
 * Layouts that ffmpeg prints by their channels have no name of their own. The resampler can mix them
 * only if they are symmetrical with a front channel: `SL+SR`, say, is an error.
 */
const NAMELESS = /^(unknown|ambisonic|\d+ channels)/;

/** The usual order of six and of eight channels: left, right, center, low frequencies, then pairs. */
const SURROUND: Readonly<Record<number, readonly [string, string]>> = {
  6: ["c0+0.7*c2+0.5*c3+0.7*c4", "c1+0.7*c2+0.5*c3+0.7*c5"],
  8: ["c0+0.7*c2+0.5*c3+0.7*c4+0.7*c6", "c1+0.7*c2+0.5*c3+0.7*c5+0.7*c7"],
};

/**
 * Mixes channels whose places nobody knows: mono and stereo as they are, six and eight in their usual
 * order, any others into both sides evenly. Left to itself the resampler takes three for 2.1 and drops
 * the third, and ends with an error on most numbers above eight. Weights add up to 1 (`<`), so a sound
 * in all channels keeps its level and nothing clips.
 */
function mixFilters({ channels, channelLayout = "unknown" }: AudioTrack): string[] {
  if (!NAMELESS.test(channelLayout)) return [];
  if (channels <= 2) {
    return channels === 2 && channelLayout !== "unknown" ? ["pan=stereo|c0=c0|c1=c1"] : [];
  }
  const all = Array.from({ length: channels }, (_, index) => `c${index}`).join("+");
  const [left, right] = SURROUND[channels] ?? [all, all];
  return [`pan=stereo|c0<${left}|c1<${right}`];
}
