import type { CreateJobRequest, Input, OutputGroup } from "@aws-sdk/client-mediaconvert";
import { audioSelectors } from "./request/audio.ts";
import { captionSelectors } from "./request/captions.ts";
import { posterGroup } from "./request/poster.ts";
import { presetGroup } from "./request/presets.ts";
import type { Picture, TranscodeRequest, TranscodeSource } from "./request/source.ts";
import { downloadGroup, soundGroup, streamGroup } from "./request/stream.ts";

export type { TranscodeRequest, TranscodeSource };

/**
 * The CreateJob request of one attempt: what its profile makes of the source. Pure, so that the same attempt always has
 * the same request, as ClientRequestToken requires.
 */
export function createJobRequest(requested: TranscodeRequest): CreateJobRequest {
  const request = { ...requested, source: carried(requested) };
  return {
    Role: request.roleArn,
    Queue: request.queueArn,
    // Protects against a repeated call for one minute only. After that, Rushes searches for the job.
    ClientRequestToken: `${request.jobId}-${request.attempt}`,
    UserMetadata: { jobId: request.jobId, attempt: String(request.attempt) },
    // The shortest interval. The default is a minute.
    StatusUpdateInterval: "SECONDS_10",
    Settings: {
      TimecodeConfig: { Source: "ZEROBASED" },
      Inputs: [input(request)],
      OutputGroups: outputGroups(request),
    },
  };
}

/** The audio and text tracks that the outputs use: files have one audio track, the default one, and no text. */
function carried({ profile, source }: TranscodeRequest): TranscodeSource {
  const picture = profile.picture ? source.picture : undefined;
  return {
    durationSeconds: source.durationSeconds,
    picture,
    audio: profile.hls && picture ? source.audio : source.audio.slice(0, 1),
    captions: profile.hls && profile.captions && picture ? source.captions : [],
  };
}

function input({ source, sourceUrl }: TranscodeRequest): Input {
  const audio = audioSelectors(source.audio);
  const captions = captionSelectors(source.captions);
  return {
    FileInput: sourceUrl,
    TimecodeSource: "ZEROBASED",
    // MediaConvert ignores the rotation that phones write unless this is set.
    VideoSelector: { Rotate: "AUTO" },
    ...(audio && { AudioSelectors: audio }),
    ...(captions && { CaptionSelectors: captions }),
  };
}

function outputGroups(request: TranscodeRequest): OutputGroup[] {
  const { profile, source } = request;
  const { picture } = source;
  if (!picture) return [streamGroup(request, undefined), soundGroup(request)];
  return [
    ...(profile.hls ? [streamGroup(request, picture)] : []),
    ...mp4Groups(request, picture),
    posterGroup(request, picture),
  ];
}

function mp4Groups(request: TranscodeRequest, picture: Picture): OutputGroup[] {
  const { downloads, usesPresets } = request.profile;
  if (downloads.length === 0) return [];
  return [(usesPresets ? presetGroup : downloadGroup)(request, picture, downloads)];
}
