import {
  BadRequestException,
  type Container,
  NotFoundException,
  ProbeCommand,
  type Track,
  UnprocessableEntityException,
} from "@aws-sdk/client-mediaconvert";
import type { Media } from "../source/schema.ts";
import { encoder } from "./client.ts";

/** What is inside a file. `media` is there when it has a picture of known size. */
export interface Probed {
  /** How many tracks carry pictures and sound. */
  videoTracks: number;
  audioTracks: number;
  durationSeconds: number;
  media?: Media;
  videoProfile?: string;
}

/**
 * What MediaConvert finds in an object; undefined when it recognizes no container there, or one that is
 * malformed. `url` is `s3://bucket/key`, the key as it is. Throws every other error, to be tried again.
 */
export async function probe(url: string): Promise<Probed | undefined> {
  try {
    const answer = await encoder.send(new ProbeCommand({ InputFiles: [{ FileUrl: url }] }));
    const container = answer.ProbeResults?.[0]?.Container;
    return container && read(container);
  } catch (error) {
    const unreadable =
      error instanceof BadRequestException ||
      error instanceof NotFoundException ||
      error instanceof UnprocessableEntityException;
    if (unreadable) return undefined;
    throw error;
  }
}

function read(container: Container): Probed {
  const tracks = container.Tracks ?? [];
  const video = tracks.filter((track) => track.TrackType === "video");
  const audio = tracks.filter((track) => track.TrackType === "audio");
  const durationSeconds = Math.max(
    container.Duration ?? 0,
    ...[...video, ...audio].map((track) => track.Duration ?? 0),
  );
  const [picture] = video;
  const media = picture && describe(container, picture, audio[0], durationSeconds);
  const profile = picture?.VideoProperties?.CodecMetadata?.Profile;
  return {
    videoTracks: video.length,
    audioTracks: audio.length,
    durationSeconds,
    ...(media && { media }),
    ...(profile !== undefined && { videoProfile: profile }),
  };
}

function describe(
  container: Container,
  picture: Track,
  sound: Track | undefined,
  durationSeconds: number,
): Media | undefined {
  const video = picture.VideoProperties;
  const rate = video?.FrameRate;
  const frameRate = (rate?.Numerator ?? 0) / (rate?.Denominator || 1);
  if (!video?.Width || !video.Height) return;
  // A phone that is held upright writes a lying picture and a rotation: say what people will see.
  const turned = Math.abs(video.Rotation ?? 0) % 180 === 90;
  const bitRate = video.BitRate ?? container.BitRate;
  const audio = sound?.AudioProperties;
  return {
    container: container.Format ?? "unknown",
    durationSeconds,
    width: turned ? video.Height : video.Width,
    height: turned ? video.Width : video.Height,
    // A stream of variable rate may not say; 1 stands for "unknown but moving".
    frameRate: frameRate > 0 ? frameRate : 1,
    videoCodec: picture.Codec ?? "unknown",
    ...(bitRate !== undefined && { bitRate }),
    ...(sound && { audioCodec: sound.Codec ?? "unknown" }),
    ...(audio?.Channels !== undefined && { audioChannels: audio.Channels }),
    ...(audio?.SampleRate !== undefined && { audioSampleRate: audio.SampleRate }),
  };
}
