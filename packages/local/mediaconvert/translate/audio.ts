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

/** The encoder's arguments for one output file's only sound track. */
export function aacArgs(audio: AudioDescription): string[] {
  const { aacSettings } = audio.codecSettings;
  return [
    ...["-c:a", "aac", "-profile:a", "aac_low", "-b:a", String(aacSettings.bitrate)],
    ...["-ar", String(aacSettings.sampleRate), "-ac", String(CHANNELS[aacSettings.codingMode])],
    // Gaps in the source's timestamps become silence, so that sound stays with the picture.
    ...["-af", "aresample=async=1"],
  ];
}
