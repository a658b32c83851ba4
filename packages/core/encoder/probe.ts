import {
  BadRequestException,
  type Container,
  NotFoundException,
  ProbeCommand,
  type Track,
  UnprocessableEntityException,
  type VideoProperties,
} from "@aws-sdk/client-mediaconvert";
import type { Media, Probed, SourceTrack } from "../source/schema.ts";
import { encoder } from "./client.ts";
import { mediaTypeOf } from "./media-type.ts";
import { recordingsOf } from "./recordings.ts";

/** Phones, browsers and screen recorders write variable rates, of at most 30 in most cases. */
const UNSTATED_FRAME_RATE = 30;

/** What MediaConvert finds in an object, as `read` returns it. See `containerOf`. */
export async function probe(url: string): Promise<Probed | undefined> {
  const container = await containerOf(url);
  return container && read(container);
}

/**
 * Probe's answer about an object. Undefined if it recognizes no container, or a malformed one. `url` is
 * `s3://bucket/key`, with the key unencoded. Throws every other error, so that the caller tries again.
 */
export async function containerOf(url: string): Promise<Container | undefined> {
  try {
    const result = await encoder.send(new ProbeCommand({ InputFiles: [{ FileUrl: url }] }));
    return result.ProbeResults?.[0]?.Container;
  } catch (error) {
    const unreadable =
      error instanceof BadRequestException ||
      error instanceof NotFoundException ||
      error instanceof UnprocessableEntityException;
    if (unreadable) return undefined;
    throw error;
  }
}

/**
 * Reads Probe's answer.
 *
 * @param stated the tracks that the file's headers state: Probe does not say which audio track plays by default, and lists
 *   subtitles like any other data
 */
export function read(container: Container, stated: readonly SourceTrack[] = []): Probed {
  const tracks = container.Tracks ?? [];
  const video = tracks.filter((track) => track.TrackType === "video");
  const audio = tracks.filter((track) => track.TrackType === "audio");
  const durationSeconds = lengthOf(container, [...video, ...audio]);
  const [picture] = video;
  const sound = soundOf(container, audio, stated);
  const media = picture
    ? describe(container, picture, audio, durationSeconds)
    : sound && { container: container.Format ?? "unknown", durationSeconds };
  return {
    videoTracks: video.length,
    audioTracks: audio.length,
    durationSeconds,
    media: media && { ...media, ...sound, text: subtitlesOf(stated) },
    videoProfile: picture?.VideoProperties?.CodecMetadata?.Profile,
  };
}

/**
 * In seconds. A container has the end of its longest track, which may be subtitles. Without other tracks, its length is
 * right, and those of the tracks lack how late each of them begins.
 */
function lengthOf({ Duration = 0, Tracks = [] }: Container, tracks: readonly Track[]): number {
  const lengths = tracks.map((track) => track.Duration ?? 0);
  const areStated = lengths.length > 0 && lengths.every((seconds) => seconds > 0);
  const hasOthers = Tracks.length > tracks.length;
  return Math.max(hasOthers && areStated ? 0 : Duration, ...lengths);
}

function soundOf(container: Container, audioTracks: Track[], stated: readonly SourceTrack[]) {
  const [sound] = audioTracks;
  if (!sound) return undefined;
  return {
    audioCodec: sound.Codec ?? "unknown",
    audioChannels: sound.AudioProperties?.Channels,
    audioSampleRate: sound.AudioProperties?.SampleRate,
    recordings: recordingsOf(audioTracks, container.Format, defaultOf(audioTracks, stated)),
  };
}

/** The index of the audio track that plays by default. The first one, if the file does not state as many as Probe found. */
function defaultOf(audioTracks: Track[], stated: readonly SourceTrack[]): number {
  const audio = stated.filter(({ type }) => type === "audio");
  if (audio.length !== audioTracks.length) return 0;
  return Math.max(
    0,
    audio.findIndex(({ isDefault }) => isDefault),
  );
}

function subtitlesOf(stated: readonly SourceTrack[]): Media["text"] {
  const text = stated.flatMap(({ type, format, language }, at) =>
    type === "text" ? [{ language, isTimedText: format === "tx3g", stream: at + 1 }] : [],
  );
  return text.length > 0 ? text : undefined;
}

function describe(
  container: Container,
  picture: Track,
  audioTracks: Track[],
  durationSeconds: number,
): Media | undefined {
  const video = picture.VideoProperties;
  const rate = video?.FrameRate;
  const frameRate = (rate?.Numerator ?? 0) / (rate?.Denominator || 1);
  if (!video?.Width || !video.Height) return;
  // A phone that is held upright writes a landscape picture and a rotation. Return what people will see.
  const isRotated = Math.abs(video.Rotation ?? 0) % 180 === 90;
  return {
    container: container.Format ?? "unknown",
    durationSeconds,
    width: isRotated ? video.Height : video.Width,
    height: isRotated ? video.Width : video.Height,
    // A stream with a variable rate may not state it.
    frameRate: frameRate > 0 ? frameRate : UNSTATED_FRAME_RATE,
    videoCodec: picture.Codec ?? "unknown",
    rotation: video.Rotation || undefined,
    sampleAspect: sampleAspect(video),
    isProgressive: isProgressive(video),
    isBt709: isBt709(video),
    bitRate: video.BitRate ?? container.BitRate,
    mediaType: mediaTypeOf(container.Format, picture, audioTracks[0]),
  };
}

/** Undefined for square pixels. The container and the codec can both state it; players follow the container. */
function sampleAspect({ SampleAspectRatio, CodecMetadata }: VideoProperties): number | undefined {
  const { Numerator, Denominator } = SampleAspectRatio ?? CodecMetadata?.SampleAspectRatio ?? {};
  if (!Numerator || !Denominator || Numerator === Denominator) return undefined;
  return Numerator / Denominator;
}

/** Undefined if the codec does not say it. */
function isProgressive({ CodecMetadata }: VideoProperties): boolean | undefined {
  const scan = CodecMetadata?.ScanType?.toLowerCase();
  return scan === undefined ? undefined : scan === "progressive";
}

/** The container and the codec can both say it, and what they say must agree. */
function isBt709({ CodecMetadata: codec, ...container }: VideoProperties): boolean {
  return (["ColorPrimaries", "TransferCharacteristics", "MatrixCoefficients"] as const).every(
    (tag) => {
      const said = [container[tag], codec?.[tag]].filter(
        (value) => value !== undefined && value !== null && value !== "UNSPECIFIED",
      );
      return said.length > 0 && said.every((value) => value === "ITU_709");
    },
  );
}
