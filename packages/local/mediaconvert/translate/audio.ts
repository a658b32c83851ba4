import { JOB_ERRORS, JobError } from "../errors.ts";
import type { AudioTrack, Media } from "../media.ts";
import type { AudioDescription, Input } from "../schema.ts";

const CHANNELS = { CODING_MODE_1_0: 1, CODING_MODE_2_0: 2, CODING_MODE_5_1: 6 } as const;

/** The track that a description's selector chooses. Throws JobError 1021 where there is none. */
export function selectAudio(audio: AudioDescription, input: Input, media: Media): AudioTrack {
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
 * How many channels without names have a usual order that the resampler may assume: mono, stereo,
 * 5.1 and 7.1. It assumes more (three are 2.1, of which it drops the third) and knows none for 9 to
 * 15 and above 16, where ffmpeg ends with an error.
 */
const USUAL: ReadonlySet<number> = new Set([1, 2, 6, 8]);
/**
 * Layouts that ffmpeg prints by their channels have no name of their own. The resampler can mix them
 * only if they are symmetrical with a front channel: `SL+SR`, say, is an error.
 */
const NAMELESS = /^(unknown|ambisonic|\d+ channels)/;

/**
 * Mixes channels whose places nobody knows into both sides, evenly. Their weights add up to 1, so a
 * sound in all of them keeps its level and nothing clips.
 */
function mixFilters({ channels, channelLayout = "unknown" }: AudioTrack): string[] {
  if (!NAMELESS.test(channelLayout)) return [];
  if (channelLayout === "unknown" && USUAL.has(channels)) return [];
  if (channels === 2) return ["pan=stereo|c0=c0|c1=c1"];
  const all = Array.from({ length: channels }, (_, index) => `${1 / channels}*c${index}`).join("+");
  return [`pan=stereo|c0=${all}|c1=${all}`];
}
