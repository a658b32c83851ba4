/** The media types of sources, as RFC 6381 and the registrations of the codecs define them. */
import type { Track } from "@aws-sdk/client-mediaconvert";

/** The containers that browsers play, by Probe's name. Browsers read QuickTime files as MP4. */
const CONTAINERS: Record<string, string> = {
  mp4: "video/mp4",
  quicktime: "video/mp4",
  webm: "video/webm",
  matroska: "video/webm",
};
/** Matroska files with these codecs differ from WebM in the name of the format only. */
const OF_WEBM = new Set(["VP8", "VP9", "AV1", "OPUS", "VORBIS"]);

/** `profile_idc` and the constraint flags, in hexadecimal. */
const AVC_PROFILES: Record<string, string> = {
  "constrained baseline": "42e0",
  baseline: "4200",
  main: "4d40",
  high: "6400",
  "high 10": "6e00",
  "high 4:2:2": "7a00",
  "high 4:4:4 predictive": "f400",
};
/** What is assumed about a track that does not state its level: 1080p at 30 pictures per second. */
const LEVEL = 4;

const AUDIO: Record<string, string> = {
  AAC: "mp4a.40.2",
  MP3: "mp4a.6b",
  AC3: "ac-3",
  EAC3: "ec-3",
  OPUS: "opus",
  VORBIS: "vorbis",
  FLAC: "flac",
};

/**
 * The type with which a player can ask a browser whether it plays a file. Undefined if one of its codecs has no name
 * there, or if no browser plays its container.
 */
export function mediaTypeOf(
  format: string | undefined,
  picture: Track,
  sound: Track | undefined,
): string | undefined {
  const container = CONTAINERS[format ?? ""];
  const video = videoCodec(picture);
  const audio = sound && AUDIO[sound.Codec ?? ""];
  if (!container || !video || (sound && !audio)) return undefined;
  const tracks = sound ? [picture, sound] : [picture];
  const isWebm = tracks.every(({ Codec }) => OF_WEBM.has(Codec ?? ""));
  if (format === "matroska" && !isWebm) return undefined;
  return `${container}; codecs="${[video, audio].filter(Boolean).join(", ")}"`;
}

function videoCodec({ Codec, VideoProperties }: Track): string | undefined {
  const { Profile = "", Level, BitDepth = 8 } = VideoProperties?.CodecMetadata ?? {};
  const profile = Profile.toLowerCase();
  const level = Number(Level) || LEVEL;
  switch (Codec) {
    case "AVC": {
      const flags = AVC_PROFILES[profile];
      return flags && `avc1.${flags}${hex(Math.round(level * 10))}`;
    }
    case "HEVC":
      return `hvc1.${profile === "main 10" ? "2.4" : "1.6"}.L${Math.round(level * 30)}.B0`;
    case "AV1":
      return `av01.0.08M.${BitDepth > 8 ? 10 : "08"}`;
    case "VP9":
      return BitDepth > 8 || profile.endsWith("2") ? "vp09.02.40.10" : "vp09.00.40.08";
    case "VP8":
      return "vp8";
    default:
      return undefined;
  }
}

const hex = (value: number) => value.toString(16).padStart(2, "0");
