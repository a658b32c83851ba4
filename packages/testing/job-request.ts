import type { CreateJobRequest } from "@aws-sdk/client-mediaconvert";
import {
  createJobRequest,
  type TranscodeRequest,
  type TranscodeSource,
} from "@rushes/core/encoder/request";
import { PROFILES } from "@rushes/core/rendition/profile";

type Changes = Partial<Omit<TranscodeRequest, "source">> & { source?: Partial<TranscodeSource> };

/** The product's request for a source of 1080p with sound, with the profile `original`. Every field can be changed. */
export function jobRequest({ source, ...changes }: Changes = {}): CreateJobRequest {
  return createJobRequest({
    jobId: "job_1",
    attempt: 1,
    sourceUrl: "s3://uploads/a.mp4",
    destination: "s3://renditions/media/job_1/1/a/",
    safeName: "a",
    profile: PROFILES.original,
    roleArn: "arn:aws:iam::000000000000:role/rushes",
    queueArn: "arn:aws:mediaconvert:us-east-1:000000000000:queues/Default",
    ...changes,
    source: {
      durationSeconds: 10,
      picture: { width: 1920, height: 1080, frameRate: 30 },
      audio: [{}],
      captions: [],
      ...source,
    },
  });
}
