import { randomUUID } from "node:crypto";
import type { BusEvent } from "../lambda/bus-event.ts";
import { type JobRecord, type OutputGroupDetail, PHASES, type Phase } from "./job.ts";
import type { MediaInfo } from "./media.ts";

export type StateChangeEvent = BusEvent<Record<string, unknown>>;

type PhaseStatus = "PENDING" | "PROGRESSING" | "COMPLETE";

/** The fields that each status adds. As on AWS, there is no SUBMITTED event. */
export type StatusDetail =
  | { status: "PROGRESSING" }
  | { status: "CANCELED" }
  | { status: "NEW_WARNING"; warningCode: string; warningMessage: string }
  | { status: "ERROR"; errorCode: number; errorMessage: string }
  | { status: "INPUT_INFORMATION"; inputDetails: Record<string, unknown>[] }
  | {
      status: "STATUS_UPDATE";
      framesDecoded: number;
      jobProgress: {
        phaseProgress: Record<Phase, { status: PhaseStatus; percentComplete: number }>;
        jobPercentComplete: number;
        currentPhase: Phase;
        retryCount: number;
      };
    }
  | { status: "COMPLETE"; outputGroupDetails: OutputGroupDetail[]; paddingInserted: 0 };

/** The "MediaConvert Job State Change" event of a job. */
export function stateChange(
  job: JobRecord,
  detail: StatusDetail,
  now = Date.now(),
): StateChangeEvent {
  const [, , , region = "", account = ""] = job.arn.split(":");
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "MediaConvert Job State Change",
    source: "aws.mediaconvert",
    account,
    // EventBridge's times have no fraction. The exact time is `detail.timestamp`.
    time: new Date(now).toISOString().replace(/\.\d+Z$/, "Z"),
    region,
    resources: [job.arn],
    detail: {
      timestamp: now,
      accountId: account,
      queue: job.queue,
      jobId: job.id,
      userMetadata: job.userMetadata,
      ...detail,
    },
  };
}

/** The job's progress. `percent` is that of the current phase, 0 to 100. */
export function statusUpdate(
  phase: Phase,
  percent: number,
  jobPercent: number,
  framesDecoded: number,
): StatusDetail {
  const at = PHASES.indexOf(phase);
  const progress = (index: number): { status: PhaseStatus; percentComplete: number } => {
    if (index < at) return { status: "COMPLETE", percentComplete: 100 };
    if (index > at) return { status: "PENDING", percentComplete: 0 };
    return { status: "PROGRESSING", percentComplete: percent };
  };
  return {
    status: "STATUS_UPDATE",
    framesDecoded,
    jobProgress: {
      phaseProgress: { PROBING: progress(0), TRANSCODING: progress(1), UPLOADING: progress(2) },
      jobPercentComplete: jobPercent,
      currentPhase: phase,
      retryCount: 0,
    },
  };
}

const EVENT_CODECS: Record<string, string> = {
  h264: "H_264",
  hevc: "H_265",
  mpeg2video: "MPEG2",
  prores: "PRORES",
};

/** INPUT_INFORMATION's media information about the job's one input. */
export function inputInformation(uri: string, media: MediaInfo): StatusDetail {
  const { video } = media;
  return {
    status: "INPUT_INFORMATION",
    inputDetails: [
      {
        id: 1,
        uri,
        audio: media.audio.map((track) => ({
          channels: track.channels,
          codec: track.codec.toUpperCase(),
          language: track.language?.toUpperCase() ?? "UND",
          sampleRate: track.sampleRate,
          streamId: track.index + 1,
        })),
        video: video
          ? [
              {
                bitDepth: video.bitDepth,
                codec: EVENT_CODECS[video.codec] ?? video.codec.toUpperCase(),
                colorFormat: video.chroma,
                fourCC: video.tag,
                frameRate:
                  Math.round((video.frameRate.numerator / video.frameRate.denominator) * 1000) /
                  1000,
                height: video.height,
                interlaceMode: video.interlaced ? "TOP_FIELD" : "PROGRESSIVE",
                sar: `${video.sampleAspect.numerator}:${video.sampleAspect.denominator}`,
                standard: "UNSPECIFIED",
                streamId: video.index + 1,
                width: video.width,
              },
            ]
          : [],
      },
    ],
  };
}
