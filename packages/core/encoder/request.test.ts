import { expect, test } from "vitest";
import { createJobRequest } from "./request.ts";

const jobOf = (probed: { isProgressive?: boolean; isBt709?: boolean }) =>
  createJobRequest({
    jobId: "job_1",
    attempt: 1,
    sourceUrl: "s3://uploads/a.mp4",
    destination: "s3://renditions/job_1/1/a/",
    safeName: "a",
    hasAudio: true,
    durationSeconds: 10,
    roleArn: "arn:aws:iam::000000000000:role/rushes",
    queueArn: "arn:aws:mediaconvert:us-east-1:000000000000:queues/Default",
    ...probed,
  });
const outputsOf = (probed: Parameters<typeof jobOf>[0]) =>
  (jobOf(probed).Settings?.OutputGroups ?? []).flatMap(({ Outputs = [] }) => Outputs);
const preprocessors = (probed: Parameters<typeof jobOf>[0]) =>
  outputsOf(probed).map(({ VideoDescription }) => VideoDescription?.VideoPreprocessors);

const Deinterlacer = { Mode: "DEINTERLACE", Control: "NORMAL" };
const ColorCorrector = {
  ColorSpaceConversion: "FORCE_709",
  HdrToSdrToneMapper: "PRESERVE_DETAILS",
  SampleRangeConversion: "LIMITED_RANGE_SQUEEZE",
};

test.each([
  ["nothing", {}, { Deinterlacer, ColorCorrector }],
  ["interlaced", { isProgressive: false, isBt709: false }, { Deinterlacer, ColorCorrector }],
  ["progressive", { isProgressive: true }, { ColorCorrector }],
  ["BT.709", { isBt709: true }, { Deinterlacer }],
  ["both", { isProgressive: true, isBt709: true }, undefined],
])(
  "requests for every output what the source needs if the probe says %s",
  (_, probed, expected) => {
    expect(preprocessors(probed)).toEqual([expected, expected, expected, expected]);
    expect(jobOf(probed).Settings?.Inputs?.[0]?.VideoSelector).toEqual({ Rotate: "AUTO" });
  },
);
