import { JOB_ERRORS, JobError } from "../errors.ts";
import type { AudioTrack, MediaInfo } from "../media.ts";
import { type AudioDescription, type AudioSelector, CHANNELS, gainsOf } from "../schema-audio.ts";
import type { Input } from "../schema-input.ts";

/** Tracks that become one track, and how their channels are mixed. */
export interface AudioMix {
  tracks: AudioTrack[];
  /** The weights of all input channels in each output channel. Absent for one track without a remix. */
  weights?: number[][];
}

/**
 * The tracks that a description's selector selects, and their mix.
 *
 * @throws JobError 1021 if it selects no track
 */
export function selectAudio(audio: AudioDescription, input: Input, media: MediaInfo): AudioMix {
  const name = audio.audioSourceName ?? "Audio Selector 1";
  const { tracks, isRecording } = selectTracks(input.audioSelectors[name], media);
  const [first] = tracks;
  if (!first) {
    throw new JobError(
      JOB_ERRORS.noAudio,
      `The audio selector "${name}" selects no audio track. The input has ${media.audio.length}.`,
    );
  }
  const channels = CHANNELS[audio.codecSettings.aacSettings.codingMode];
  if (audio.remixSettings) {
    const total = tracks.reduce((sum, track) => sum + track.channels, 0);
    const gains = gainsOf(audio.remixSettings).map((row) => row.slice(0, total).map(fromDecibels));
    return { tracks, weights: gains };
  }
  if (tracks.length === 1) return { tracks };
  // Microphones of one recording: each is heard on both sides, because some may be silent.
  if (isRecording) return { tracks, weights: [tracks.map(() => 1), tracks.map(() => 1)] };
  return { tracks, weights: sideBySide(tracks, channels) };
}

/** In MediaConvert's scale, -60 is silence. */
const fromDecibels = (gain: number) => (gain <= -60 ? 0 : 10 ** (gain / 20));

/**
 * The tracks with the selector's numbers or of its language, else the default track. A recorder that writes
 * each microphone to its own mono track marks only the first as default, so all of them are selected.
 */
function selectTracks(
  selector: AudioSelector | undefined,
  { audio }: MediaInfo,
): { tracks: AudioTrack[]; isRecording?: boolean } {
  if (selector?.tracks) {
    const found = selector.tracks.map((number) => audio[number - 1]);
    // A missing track is an error, so that no output lacks it silently.
    return { tracks: found.every((track) => track !== undefined) ? found : [] };
  }
  const candidates =
    selector?.selectorType === "LANGUAGE_CODE" ? inLanguage(selector, audio) : audio;
  const track = candidates.find(({ isDefault }) => isDefault) ?? candidates[0];
  if (!track) return { tracks: [] };
  return { tracks: audio.filter((other) => isOneRecording(other, track)), isRecording: true };
}

function inLanguage(selector: AudioSelector, audio: AudioTrack[]): AudioTrack[] {
  const wanted = canonical(selector.customLanguageCode ?? selector.languageCode);
  return audio.filter(({ language }) => wanted !== undefined && canonical(language) === wanted);
}

/** One tag for the names of a language: `ger`, `deu` and `DE` are `de`. */
function canonical(language: string | undefined): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    // A file may have any text as its language.
    return undefined;
  }
}

/**
 * The tracks' channels in their order, as MediaConvert combines the tracks of a selector: two mono tracks
 * are left and right. If there are more than the output has, they are mixed like a track without a layout.
 */
function sideBySide(tracks: AudioTrack[], channels: number): number[][] {
  const total = tracks.reduce((sum, track) => sum + track.channels, 0);
  const outputs = Array.from({ length: channels }, (_, index) => index);
  if (total === channels) {
    return outputs.map((output) =>
      Array.from({ length: total }, (_, input) => (input === output ? 1 : 0)),
    );
  }
  return [0, 1].map((side) => {
    const row = surroundWeights(total, side);
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((weight) => weight / sum);
  });
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

/** The language of an output's track, as the source or the job states it. */
export function languageOf(audio: AudioDescription, { tracks }: AudioMix): string | undefined {
  const configured = audio.customLanguageCode ?? audio.languageCode?.toLowerCase();
  const source = tracks[0]?.language;
  if (audio.languageCodeControl === "USE_CONFIGURED") return configured;
  return source && source !== "und" ? source : configured;
}

/** The encoder's arguments for the audio track `a` of an output file. */
export function aacArgs(audio: AudioDescription, mix: AudioMix, a: number): string[] {
  const { bitrate, sampleRate, codingMode } = audio.codecSettings.aacSettings;
  const codec = [`-c:a:${a}`, "aac", `-profile:a:${a}`, "aac_low", `-b:a:${a}`, String(bitrate)];
  const format = [`-ar:a:${a}`, String(sampleRate), `-ac:a:${a}`, String(CHANNELS[codingMode])];
  const language = languageOf(audio, mix);
  const tag = language ? [`-metadata:s:a:${a}`, `language=${language}`] : [];
  return [...codec, ...format, ...tag];
}

/**
 * Gaps in the source's timestamps become silence, so that audio and video stay in sync. Surround sound is mixed with weights
 * that add up to at most 1: by default, 5.1 channels that are loud together would be 7.7 dB above full scale, and clip.
 */
const RESAMPLE = "async=1:rematrix_maxval=1";
const FILL_GAPS = `aresample=${RESAMPLE}`;

/** ffmpeg's AAC encoder is delayed by one frame. */
const PRIMING_SAMPLES = 1024;

/**
 * The filters for a track of its own file. It begins at time 0. The codec puts PRIMING_SAMPLES before the
 * first sample, and players that get segments play them, so the first samples are left out to keep audio and
 * video in sync. With `videoSeconds` it lasts as long as the video: a player stops where the shorter one ends.
 */
export function segmentedFilters(
  audio: AudioDescription,
  videoSeconds: number | undefined,
): string[] {
  const { sampleRate } = audio.codecSettings.aacSettings;
  const filters = [
    `aresample=${sampleRate}:${RESAMPLE}:first_pts=0`,
    `atrim=start_sample=${PRIMING_SAMPLES}`,
    "asetpts=PTS-STARTPTS",
  ];
  const frame = PRIMING_SAMPLES / sampleRate;
  if (videoSeconds) {
    filters.push(`apad=whole_dur=${Math.max(videoSeconds - frame, frame).toFixed(6)}`);
  }
  return filters;
}

/** The filters of one track: how to mix its channels, and the rest. */
export function audioFilters(track: AudioTrack, rest: readonly string[] = [FILL_GAPS]): string {
  return [...mixFilters(track), ...rest].join(",");
}

/**
 * A chain that mixes the channels of tracks. Where they are loud together, the limiter prevents clipping. The
 * shortest track does not end the mix. Each track is padded from time 0 on, because `amix` ignores when its inputs begin.
 */
export function mixChain(
  tracks: AudioTrack[],
  weights: number[][],
  pad: string,
  rest: readonly string[] = [],
): string {
  const layout = LAYOUTS[weights.length] ?? `${weights.length}c`;
  let first = 0;
  const inputs = tracks.map(({ index, channels }, t) => {
    const from = first;
    first += channels;
    const rows = weights.map((row, output) => {
      const parts = row
        .slice(from, from + channels)
        .map((weight, channel) => `${Number(weight.toFixed(4))}*c${channel}`);
      return `c${output}=${parts.join("+") || "0*c0"}`;
    });
    const name = tracks.length > 1 ? `[${pad}t${t}]` : "";
    return `[0:${index}]${FILL_GAPS}:first_pts=0,aformat=fltp,pan=${[layout, ...rows].join("|")}${name}`;
  });
  const isLoud = weights.some((row) => row.reduce((a, b) => a + b, 0) > 1);
  const end = [...(isLoud ? ["alimiter=level=0"] : []), ...rest]
    .map((filter) => `,${filter}`)
    .join("");
  if (tracks.length === 1) return `${inputs.join("")}${end}[${pad}]`;
  const pads = tracks.map((_, t) => `[${pad}t${t}]`).join("");
  const mix = `${pads}amix=inputs=${tracks.length}:normalize=0${end}[${pad}]`;
  return [...inputs, mix].join(";");
}

const LAYOUTS: Readonly<Record<number, string>> = { 1: "mono", 2: "stereo", 6: "5.1" };

/**
 * Layouts without a name, which ffmpeg prints as a list of channels. The resampler can mix them only if they
 * are symmetrical and have a front channel. `SL+SR`, for example, is an error.
 */
const NAMELESS = /^(unknown|ambisonic|\d+ channels)/;

/** The usual order of six and of eight channels: left, right, center, low frequencies, then pairs. */
const SURROUND: Readonly<Record<number, readonly [number[], number[]]>> = {
  6: [
    [1, 0, 0.7, 0.5, 0.7, 0],
    [0, 1, 0.7, 0.5, 0, 0.7],
  ],
  8: [
    [1, 0, 0.7, 0.5, 0.7, 0, 0.7, 0],
    [0, 1, 0.7, 0.5, 0, 0.7, 0, 0.7],
  ],
};

/** The weights of unnamed channels on one of two sides: six and eight in their usual order, others evenly. */
function surroundWeights(channels: number, side: number): number[] {
  return SURROUND[channels]?.[side] ?? Array.from({ length: channels }, () => 1);
}

/**
 * Mixes what the resampler does not mix right. A single channel is heard on both sides at its own level, whatever its
 * position: the resampler makes mono 3 dB quieter. Of channels with unknown positions, two are left and right, six and
 * eight have their usual order, and all others are mixed evenly into both sides. By default the resampler treats three
 * channels as 2.1 and drops the third, and it fails with most counts above eight. The weights add up to 1 (`<`), so audio
 * that is in all channels keeps its level and never clips.
 */
function mixFilters({ channels, channelLayout = "unknown" }: AudioTrack): string[] {
  if (channels === 1) return ["channelmap=0|0:stereo"];
  if (!NAMELESS.test(channelLayout)) return [];
  // `pan` does not accept a layout such as `2 channels (SL+SR)`.
  if (channels === 2) return channelLayout === "unknown" ? [] : ["channelmap=0|1:stereo"];
  const [left, right] = [0, 1].map((side) =>
    surroundWeights(channels, side)
      .flatMap((weight, channel) => (weight === 0 ? [] : [`${weight}*c${channel}`]))
      .join("+"),
  );
  return [`pan=stereo|c0<${left}|c1<${right}`];
}
