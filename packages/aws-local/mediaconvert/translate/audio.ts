import { JOB_ERRORS, JobError } from "../errors.ts";
import type { AudioTrack, MediaInfo } from "../media.ts";
import type { AudioDescription, Input } from "../schema.ts";

const CHANNELS = { CODING_MODE_1_0: 1, CODING_MODE_2_0: 2, CODING_MODE_5_1: 6 } as const;

/**
 * The tracks that a description's selector selects: the one with the selector's number, else the default
 * track. A recorder that writes each microphone to its own mono track marks only the first as default, so
 * all of them are selected.
 *
 * @throws JobError 1021 if there is none
 */
export function selectAudio(audio: AudioDescription, input: Input, media: MediaInfo): AudioTrack[] {
  const name = audio.audioSourceName ?? "Audio Selector 1";
  const number = input.audioSelectors[name]?.tracks?.[0];
  const track = number
    ? media.audio[number - 1]
    : (media.audio.find(({ isDefault }) => isDefault) ?? media.audio[0]);
  if (!track) {
    throw new JobError(
      JOB_ERRORS.noAudio,
      `The audio selector "${name}" selects audio track ${number ?? 1}, but the input has ${media.audio.length}.`,
    );
  }
  return number ? [track] : media.audio.filter((other) => isOneRecording(other, track));
}

/** True for the track itself, and for mono tracks of the same format. */
function isOneRecording(a: AudioTrack, b: AudioTrack): boolean {
  if (a === b) return true;
  return (
    a.channels === 1 &&
    b.channels === 1 &&
    a.codec === b.codec &&
    a.sampleRate === b.sampleRate &&
    a.language === b.language &&
    a.title === b.title
  );
}

/** The encoder's arguments for the one audio track of an output file. */
export function aacArgs(audio: AudioDescription): string[] {
  const { bitrate, sampleRate, codingMode } = audio.codecSettings.aacSettings;
  const codec = ["-c:a", "aac", "-profile:a", "aac_low", "-b:a", String(bitrate)];
  return [...codec, "-ar", String(sampleRate), "-ac", String(CHANNELS[codingMode])];
}

/** Gaps in the source's timestamps become silence, so that audio and video stay in sync. */
const FILL_GAPS = "aresample=async=1";

/** The filters of one track. */
export function audioFilters(track: AudioTrack): string {
  return [...mixFilters(track), FILL_GAPS].join(",");
}

/**
 * A chain that merges mono tracks: each is heard on both sides at its own level, because they are microphones
 * and some may be silent. Where they are loud together, the limiter prevents clipping.
 */
export function mergeChain(tracks: AudioTrack[], pad: string): string {
  const inputs = tracks.map(({ index }) => `[0:${index}]${FILL_GAPS}[${pad}t${index}]`);
  const pads = tracks.map(({ index }) => `[${pad}t${index}]`).join("");
  const mix = `amix=inputs=${tracks.length}:normalize=0,alimiter=level=0,pan=stereo|c0=c0|c1=c0`;
  return [...inputs, `${pads}${mix}[${pad}]`].join(";");
}

/**
 * Layouts without a name, which ffmpeg prints as a list of channels. The resampler can mix them only if they
 * are symmetrical and have a front channel. `SL+SR`, for example, is an error.
 */
const NAMELESS = /^(unknown|ambisonic|\d+ channels)/;

/** The usual order of six and of eight channels: left, right, center, low frequencies, then pairs. */
const SURROUND: Readonly<Record<number, readonly [string, string]>> = {
  6: ["c0+0.7*c2+0.5*c3+0.7*c4", "c1+0.7*c2+0.5*c3+0.7*c5"],
  8: ["c0+0.7*c2+0.5*c3+0.7*c4+0.7*c6", "c1+0.7*c2+0.5*c3+0.7*c5+0.7*c7"],
};

/**
 * Mixes channels with unknown positions: mono and stereo unchanged, six and eight in their usual order, all
 * others evenly into both sides. By default the resampler treats three channels as 2.1 and drops the third,
 * and it fails with most counts above eight. The weights add up to 1 (`<`), so audio that is in all channels
 * keeps its level and never clips.
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
