import * as z from "zod";
import { ApiError, JOB_ERRORS, JobError } from "./errors.ts";
import type { InputHead, Inputs } from "./input.ts";
import type { AudioTrack, MediaInfo, Rational, TextTrack, VideoTrack } from "./media.ts";
import { S3_URL } from "./s3-url.ts";

const ProbeRequest = z.strictObject({
  inputFiles: z
    .array(z.strictObject({ fileUrl: z.string().regex(S3_URL, "must be s3://bucket/key") }))
    .min(1)
    .max(1),
});

const CODECS: Record<string, string> = {
  aac: "AAC",
  ac3: "AC3",
  amrnb: "AMR",
  amrwb: "AMR",
  amr_nb: "AMR",
  amr_wb: "AMR",
  av1: "AV1",
  h264: "AVC",
  dvvideo: "DV",
  eac3: "EAC3",
  flac: "FLAC",
  h263: "H263",
  hevc: "HEVC",
  jpeg2000: "JPEG2000",
  mjpeg: "MJPEG",
  mp2: "MP2",
  mp3: "MP3",
  mpeg4: "MP4V",
  mpeg1video: "MPEG1",
  mpeg2video: "MPEG2",
  opus: "OPUS",
  prores: "PRORES",
  qtrle: "QTRLE",
  theora: "THEORA",
  rawvideo: "UNCOMPRESSED",
  vc1: "VC1",
  dnxhd: "VC3",
  vorbis: "VORBIS",
  vp8: "VP8",
  vp9: "VP9",
  wmav1: "WMA",
  wmav2: "WMA2",
  wmapro: "WMAPRO",
};
const PRIMARIES: Record<string, string> = {
  bt709: "ITU_709",
  bt470bg: "ITU_470BG",
  bt470m: "ITU_470M",
  smpte170m: "SMPTE_170M",
  smpte240m: "SMPTE_240M",
  bt2020: "ITU_2020",
};
const TRANSFERS: Record<string, string> = {
  bt709: "ITU_709",
  bt470bg: "ITU_470BG",
  bt470m: "ITU_470M",
  smpte170m: "SMPTE_170M",
  smpte240m: "SMPTE_240M",
  smpte2084: "SMPTE_2084",
  "arib-std-b67": "ARIB_B67",
  "bt2020-10": "ITU_2020_10bit",
  "bt2020-12": "ITU_2020_12bit",
  "iec61966-2-1": "IEC_61966_2_1",
};
const MATRICES: Record<string, string> = {
  bt709: "ITU_709",
  bt470bg: "ITU_470BG",
  smpte170m: "SMPTE_170M",
  smpte240m: "SMPTE_240M",
  bt2020nc: "ITU_2020_NCL",
  bt2020c: "ITU_2020_CL",
  gbr: "RGB",
};

/**
 * The Probe operation. For a file that is not media, it returns the metadata alone. A container that is
 * recognized but cannot be read (no index, truncated) is a 422, which AWS documents as "recognized but
 * appears to be malformed or corrupt".
 */
export async function probe(inputs: Inputs, body: unknown): Promise<Record<string, unknown>> {
  const request = ProbeRequest.safeParse(body);
  const [file] = request.data?.inputFiles ?? [];
  if (!file) {
    throw new ApiError("BadRequestException", "/inputFiles: Should have 1 item with an S3 fileUrl");
  }
  const head = await inputs.head(file.fileUrl).catch((error: unknown) => {
    throw toApiError(error);
  });
  const media = await inputs.media(head).catch((error: unknown) => {
    if (error instanceof JobError && !head.format) return undefined;
    throw toApiError(error);
  });
  return { probeResults: [result(head, media)] };
}

function toApiError(error: unknown): unknown {
  if (!(error instanceof JobError)) return error;
  switch (error.code) {
    case JOB_ERRORS.missing:
      return new ApiError("NotFoundException", error.message);
    case JOB_ERRORS.denied:
      return new ApiError("ForbiddenException", error.message);
    case JOB_ERRORS.container:
    case JOB_ERRORS.noIndex:
    case JOB_ERRORS.truncated:
      return new ApiError("UnprocessableEntityException", error.message);
    default:
      // Not the file's fault: the caller tries again.
      return new ApiError("InternalServerErrorException", error.message);
  }
}

function result(head: InputHead, media: MediaInfo | undefined): Record<string, unknown> {
  return {
    container: media && container(head, media),
    metadata: {
      eTag: head.etag.replaceAll('"', ""),
      fileSize: head.sizeBytes,
      lastModified: head.lastModified && head.lastModified.getTime() / 1000,
      mimeType: head.mimeType,
    },
    trackMappings: media
      ? [
          {
            videoTrackIndexes: media.video ? [media.video.index + 1] : [],
            audioTrackIndexes: media.audio.map((track) => track.index + 1),
            dataTrackIndexes: [...media.text.map(({ index }) => index), ...media.dataIndexes]
              .sort((a, b) => a - b)
              .map((index) => index + 1),
          },
        ]
      : [],
  };
}

function container(head: InputHead, media: MediaInfo): Record<string, unknown> {
  return {
    // Probe has no name for FLV.
    format: head.format === "flv" ? undefined : head.format,
    ...(media.durationSeconds && {
      duration: media.durationSeconds,
      bitRate: Math.round((head.sizeBytes * 8) / media.durationSeconds),
    }),
    tracks: tracks(media),
  };
}

function tracks(media: MediaInfo): Record<string, unknown>[] {
  const all = [
    ...(media.video ? [{ index: media.video.index, track: videoTrack(media.video, media) }] : []),
    ...media.audio.map((track) => ({ index: track.index, track: audioTrack(track) })),
    ...media.text.map((track) => ({ index: track.index, track: textTrack(track) })),
    ...media.dataIndexes.map((index) => ({ index, track: { trackType: "data" } })),
  ];
  return all
    .sort((a, b) => a.index - b.index)
    .map(({ index, track }) => ({ index: index + 1, ...track }));
}

function videoTrack(video: VideoTrack, media: MediaInfo): Record<string, unknown> {
  const { color, sampleAspect } = video;
  // WebM's tracks have no duration or bit rate. The video is nearly all of the container.
  const bitRate = video.bitRate ?? media.bitRate;
  const duration = video.durationSeconds ?? media.durationSeconds;
  return {
    codec: CODECS[video.codec] ?? "UNKNOWN",
    trackType: "video",
    duration: duration || undefined,
    videoProperties: {
      bitDepth: video.bitDepth,
      bitRate: bitRate ? Math.round(bitRate) : undefined,
      colorPrimaries: PRIMARIES[color.primaries ?? ""] ?? "UNSPECIFIED",
      transferCharacteristics: TRANSFERS[color.transfer ?? ""] ?? "UNSPECIFIED",
      matrixCoefficients: MATRICES[color.space ?? ""] ?? "UNSPECIFIED",
      frameRate: video.frameRate,
      height: video.height,
      width: video.width,
      sampleAspectRatio: sampleAspect,
      ...codecMetadata(video),
      displayAspectRatio: reduced({
        numerator: video.width * sampleAspect.numerator,
        denominator: video.height * sampleAspect.denominator,
      }),
      rotation: video.rotation === 0 ? undefined : video.rotation,
    },
  };
}

const CHROMA: Record<string, string> = {
  YUV_420: "4:2:0",
  YUV_422: "4:2:2",
  YUV_444: "4:4:4",
};

/** The values in the video's own headers. As on AWS, only for these three codecs. */
function codecMetadata(video: VideoTrack): Record<string, unknown> {
  if (!["h264", "hevc", "mpeg2video"].includes(video.codec)) return {};
  const steps = video.codec === "hevc" ? 30 : 10;
  return {
    codecMetadata: {
      bitDepth: video.bitDepth,
      chromaSubsampling: CHROMA[video.chroma],
      codedFrameRate: video.frameRate,
      profile: video.profile,
      level: video.level ? (video.level / steps).toFixed(1) : undefined,
      scanType: video.interlaced ? "interlaced" : "progressive",
      height: video.height,
      width: video.width,
    },
  };
}

function audioTrack(audio: AudioTrack): Record<string, unknown> {
  return {
    codec: audio.codec.startsWith("pcm_") ? "PCM" : (CODECS[audio.codec] ?? "UNKNOWN"),
    trackType: "audio",
    duration: audio.durationSeconds || undefined,
    audioProperties: {
      bitRate: audio.bitRate ? Math.round(audio.bitRate) : undefined,
      channels: audio.channels,
      channelLayout: audio.channelLayout,
      sampleRate: audio.sampleRate,
      languageCode: audio.language,
    },
  };
}

/**
 * Probe lists captions as data. It has no name for most of their formats, and only captions have a language
 * here.
 */
function textTrack({ codec, language = "und" }: TextTrack): Record<string, unknown> {
  return {
    codec: CAPTIONS[codec] ?? "UNKNOWN",
    trackType: "data",
    dataProperties: { languageCode: language },
  };
}

const CAPTIONS: Record<string, string> = { webvtt: "WEBVTT" };

function reduced({ numerator, denominator }: Rational): Rational {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const common = divisor(numerator, denominator);
  return { numerator: numerator / common, denominator: denominator / common };
}
