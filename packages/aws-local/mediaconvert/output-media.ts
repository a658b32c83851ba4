import { FilePathSource, Input, type InputAudioTrack, type InputVideoTrack, MP4 } from "mediabunny";
import type { AudioTrack, MediaInfo, Rational, VideoTrack } from "./media.ts";

/** How many packets are read to find a track's rates: of a film, all would take seconds. */
const RATE_PACKETS = 500;

/**
 * Reads what an MP4 of this encoder contains, as ffprobe would report it. ffprobe would take 0.1 s of CPU time to start,
 * for each output. The bit rates of files with more than 500 packets are estimates.
 *
 * @throws Error if the file cannot be read
 */
export async function readOutput(path: string): Promise<MediaInfo> {
  const input = new Input({ source: new FilePathSource(path), formats: [MP4] });
  try {
    const tracks = await input.getTracks();
    if (tracks.length === 0) throw new Error("The file has no index.");
    const audio = await Promise.all(
      tracks.filter((track) => track.isAudioTrack()).map((track) => audioTrack(track)),
    );
    const [picture] = tracks.filter((track) => track.isVideoTrack());
    const durationSeconds = await input.computeDuration();
    return {
      container: "mov,mp4,m4a,3gp,3g2,mj2",
      durationSeconds,
      video: picture && (await videoTrack(picture)),
      audio,
      text: [],
      dataIndexes: [],
    };
  } finally {
    input.dispose();
  }
}

async function videoTrack(track: InputVideoTrack): Promise<VideoTrack> {
  const { averagePacketRate, averageBitrate } = await track.computePacketStats(RATE_PACKETS);
  const { num: numerator, den: denominator } = await track.getPixelAspectRatio();
  const color = await track.getColorSpace();
  return {
    index: track.id - 1,
    codec: "h264",
    tag: "avc1",
    ...profileOf((await track.getCodecParameterString()) ?? ""),
    width: await track.getCodedWidth(),
    height: await track.getCodedHeight(),
    rotation: await track.getRotation(),
    sampleAspect: { numerator, denominator },
    frameRate: rational(averagePacketRate),
    // The encoder writes nothing else.
    bitDepth: 8,
    chroma: "YUV_420",
    interlaced: false,
    rgb: false,
    durationSeconds: await track.computeDuration(),
    bitRate: Math.floor(averageBitrate),
    color: {
      space: color.matrix ?? undefined,
      transfer: color.transfer ?? undefined,
      primaries: color.primaries ?? undefined,
      range: color.fullRange ? "pc" : "tv",
    },
  };
}

/** The names of the profiles by `profile_idc` (H.264, A.2). */
const PROFILES: Record<string, string> = {
  "42": "Constrained Baseline",
  "4d": "Main",
  "64": "High",
};

/** The profile and the level in `avc1.PPCCLL` (RFC 6381, 3.3). */
function profileOf(codec: string): Pick<VideoTrack, "profile" | "level"> {
  const [, profile = "", level = ""] = /^avc1\.(..)..(..)$/i.exec(codec) ?? [];
  return {
    profile: PROFILES[profile.toLowerCase()],
    level: Number.parseInt(level, 16) || undefined,
  };
}

/** A rate that is a whole number, or 1000/1001 of one. */
function rational(rate: number): Rational {
  const isFractional = Math.abs(rate - Math.round(rate)) > 1e-3;
  if (!isFractional) return { numerator: Math.round(rate), denominator: 1 };
  return { numerator: Math.round((rate * 1001) / 1000) * 1000, denominator: 1001 };
}

const LAYOUTS: Record<number, string> = { 1: "mono", 2: "stereo", 6: "5.1" };

async function audioTrack(track: InputAudioTrack): Promise<AudioTrack> {
  const { averageBitrate } = await track.computePacketStats(RATE_PACKETS);
  const channels = await track.getNumberOfChannels();
  return {
    index: track.id - 1,
    codec: "aac",
    channels,
    sampleRate: await track.getSampleRate(),
    channelLayout: LAYOUTS[channels],
    durationSeconds: await track.computeDuration(),
    bitRate: Math.floor(averageBitrate),
    language: await track.getLanguageCode(),
    title: (await track.getName()) ?? undefined,
    isDefault: (await track.getDisposition()).default,
  };
}
