import type {
  AudioDescription,
  AudioSelector,
  CmfcAudioTrackType,
  Output,
  RemixSettings,
} from "@aws-sdk/client-mediaconvert";
import { languageName } from "../../language.ts";
import type { AudioSource } from "./source.ts";

const selectorName = (at: number) => `Audio Selector ${at + 1}`;

/** One selector for each audio rendition. Undefined without sound: a selector without audio is error 1021. */
export function audioSelectors(
  audio: readonly AudioSource[],
): Record<string, AudioSelector> | undefined {
  if (audio.length === 0) return undefined;
  return Object.fromEntries(
    audio.map(({ tracks }, at) => [
      selectorName(at),
      {
        DefaultSelection: at === 0 ? "DEFAULT" : "NOT_DEFAULT",
        ...(tracks && { SelectorType: "TRACK", Tracks: [...tracks] }),
      },
    ]),
  );
}

/** Stereo AAC of the selector of a source's audio. */
export function aac(
  audio: readonly AudioSource[],
  at: number,
  bitRate: number,
  sampleRate: number,
): AudioDescription {
  const microphones = audio[at]?.tracks?.length ?? 0;
  return {
    AudioSourceName: selectorName(at),
    ...(microphones > 1 && { RemixSettings: bothSides(microphones) }),
    CodecSettings: {
      Codec: "AAC",
      AacSettings: {
        CodecProfile: "LC",
        CodingMode: "CODING_MODE_2_0",
        RateControlMode: "CBR",
        Bitrate: bitRate,
        SampleRate: sampleRate,
      },
    },
  };
}

/** Each microphone on both sides at its own level: MediaConvert would make two of them left and right, and one may be silent. */
function bothSides(microphones: number): RemixSettings {
  const side = { InputChannels: Array.from({ length: microphones }, () => 0) };
  const ChannelMapping = { OutputChannels: [side, side] };
  return { ChannelsIn: microphones, ChannelsOut: 2, ChannelMapping };
}

/** The audio of the stream. Its MP4 files repeat it without the language, which then follows the source. */
export const streamAudio = (audio: readonly AudioSource[], at: number) =>
  aac(audio, at, 128_000, 48_000);

/** The outputs of the group for audio. A player starts with the first one. */
export function audioRenditions(audio: readonly AudioSource[], hasPicture: boolean): Output[] {
  return audio.map(({ language }, at) => ({
    NameModifier: at === 0 ? "-audio" : `-audio-${at + 1}`,
    ContainerSettings: {
      Container: "CMFC",
      CmfcSettings: { AudioGroupId: "audio", AudioTrackType: trackType(at, hasPicture) },
    },
    AudioDescriptions: [
      {
        ...streamAudio(audio, at),
        ...(language !== undefined && {
          LanguageCodeControl: "USE_CONFIGURED",
          CustomLanguageCode: language,
          // MediaConvert allows letters, digits and spaces.
          StreamName: languageName(language)?.replace(/[^\w\s]/g, " "),
        }),
      },
    ],
  }));
}

function trackType(at: number, hasPicture: boolean): CmfcAudioTrackType {
  if (!hasPicture) return "AUDIO_ONLY_VARIANT_STREAM";
  return at === 0 ? "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT" : "ALTERNATE_AUDIO_AUTO_SELECT";
}
