import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CancelJobCommand,
  CreateJobCommand,
  GetJobCommand,
  ListJobsCommand,
  ListQueuesCommand,
  MediaConvertClient,
  ProbeCommand,
  SearchJobsCommand,
} from "@aws-sdk/client-mediaconvert";
import { clip } from "@rushes/testing/clips";
import { credentials, startEncoder, type TestEncoder } from "@rushes/testing/mediaconvert";
import { until } from "@rushes/testing/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let encoder: TestEncoder;
beforeAll(async () => {
  encoder = await startEncoder();
});
afterAll(() => encoder.close());

/** The least that can be made of `silent-tiny.mp4`. */
const TINY = { hasAudio: false, downloads: ["web-720p"] } as const;

describe("a job that succeeds", () => {
  test("reports its progress in AWS's events, in order, and in GetJob", async () => {
    const url = await encoder.upload("my video.mp4", await clip("plain.mp4"));
    const { id, prefix } = await encoder.submit(url, { jobId: "job_story", safeName: "my video" });
    await encoder.completed(id);

    const events = encoder.events.filter(({ detail }) => detail.jobId === id);
    const statuses = events.map(({ detail }) => detail.status);
    expect(statuses.slice(0, 2)).toEqual(["PROGRESSING", "INPUT_INFORMATION"]);
    expect(statuses.at(-1)).toBe("COMPLETE");
    expect(events[0]).toMatchObject({
      version: "0",
      "detail-type": "MediaConvert Job State Change",
      source: "aws.mediaconvert",
      account: "000000000000",
      region: "us-east-1",
      resources: [`arn:aws:mediaconvert:us-east-1:000000000000:jobs/${id}`],
      detail: {
        queue: "arn:aws:mediaconvert:us-east-1:000000000000:queues/Default",
        userMetadata: { jobId: "job_story", attempt: "1" },
      },
    });
    expect(events.at(-1)?.detail.outputGroupDetails).toEqual([
      {
        type: "FILE_GROUP",
        outputDetails: ["1080p", "720p", "web-720p"].map((label) => ({
          outputFilePaths: [`s3://renditions/${prefix}-${label}.mp4`],
          durationInMs: expect.closeTo(2000, -2),
          videoDetails: { widthInPx: 1280, heightInPx: 720 },
        })),
      },
      {
        type: "FILE_GROUP",
        outputDetails: [
          expect.objectContaining({
            // The last of its captures: one a second.
            outputFilePaths: [`s3://renditions/${prefix}-poster.0000001.jpg`],
          }),
        ],
      },
    ]);

    const job = await encoder.job(id);
    expect(job).toMatchObject({ Status: "COMPLETE", JobPercentComplete: 100, Id: id });
    expect(job.Timing?.FinishTime?.getTime()).toBeGreaterThan(
      job.Timing?.StartTime?.getTime() ?? 0,
    );
    expect(job.OutputGroupDetails?.[0]?.OutputDetails?.[0]?.VideoDetails?.WidthInPx).toBe(1280);
  });

  test("can be searched by input, queue and status", async () => {
    const search = async (input: object) =>
      (await encoder.mediaconvert.send(new SearchJobsCommand(input))).Jobs?.length;
    expect(await search({ InputFile: "s3://uploads/my video.mp4" })).toBe(1);
    expect(await search({ InputFile: "my video", Status: "COMPLETE", Queue: "Default" })).toBe(1);
    expect(await search({ InputFile: "my video", Status: "ERROR" })).toBe(0);
    expect(await search({ InputFile: "no such file" })).toBe(0);
  });
});

describe("a client request token", () => {
  test("creates one job for repeated requests, and rejects a different request", async () => {
    const url = await encoder.upload("token.mp4", await clip("silent-tiny.mp4"));
    const { id, request } = await encoder.submit(url, { ...TINY, jobId: "job_token" });
    const again = await Promise.all(
      [1, 2].map(() => encoder.mediaconvert.send(new CreateJobCommand(request))),
    );
    expect(again.map(({ Job }) => Job?.Id)).toEqual([id, id]);
    const other = new CreateJobCommand({ ...request, UserMetadata: { jobId: "another" } });
    await expect(encoder.mediaconvert.send(other)).rejects.toMatchObject({
      name: "ConflictException",
    });
    await encoder.completed(id);
  });
});

describe("error responses", () => {
  test("reject an unsupported setting with its JSON pointer", async () => {
    const url = await encoder.upload("r.mp4", await clip("silent-tiny.mp4"));
    const { request } = await encoder.submit(url, TINY);
    const [group] = request.Settings?.OutputGroups ?? [];
    const changed = new CreateJobCommand({
      ...request,
      ClientRequestToken: "refused",
      Settings: {
        ...request.Settings,
        OutputGroups: [
          { ...group, AutomatedEncodingSettings: { AbrSettings: { MaxRenditions: 3 } } },
        ],
      },
    });
    await expect(encoder.mediaconvert.send(changed)).rejects.toMatchObject({
      name: "BadRequestException",
      message: "/outputGroups/0/automatedEncodingSettings: is not translated by this encoder",
    });
  });

  test("report a queue that does not exist as missing, and a rejected job creates nothing", async () => {
    const url = await encoder.upload("queue.mp4", await clip("silent-tiny.mp4"));
    const { id, request } = await encoder.submit(url, TINY);
    const missing = { name: "NotFoundException", $metadata: { httpStatusCode: 404 } };
    const queues = ["Other", "arn:aws:mediaconvert:eu-west-1:000000000000:queues/Default"];
    for (const Queue of queues) {
      const job = new CreateJobCommand({ ...request, Queue, ClientRequestToken: Queue.slice(-9) });
      await expect(encoder.mediaconvert.send(job)).rejects.toMatchObject(missing);
      const search = new SearchJobsCommand({ Queue, InputFile: url });
      await expect(encoder.mediaconvert.send(search)).rejects.toMatchObject(missing);
    }
    const found = await encoder.mediaconvert.send(new SearchJobsCommand({ InputFile: url }));
    expect(found.Jobs?.map(({ Id }) => Id)).toEqual([id]);
    await encoder.completed(id);
  });

  test("reject a wrong secret and an unsupported operation", async () => {
    const stranger = new MediaConvertClient({
      region: "us-east-1",
      endpoint: encoder.url,
      credentials: { ...credentials, secretAccessKey: "wrong" },
    });
    await expect(stranger.send(new ListJobsCommand({}))).rejects.toMatchObject({
      name: "ForbiddenException",
    });
    await expect(encoder.mediaconvert.send(new ListQueuesCommand({}))).rejects.toMatchObject({
      name: "NotImplementedException",
    });
    await expect(
      encoder.mediaconvert.send(new GetJobCommand({ Id: "1-nobody" })),
    ).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });
});

describe("a failed job reports AWS's error code", () => {
  const half = async (name: "plain.mp4" | "faststart.mp4") => {
    const bytes = await readFile(await clip(name));
    return bytes.subarray(0, Math.floor(bytes.length / 2));
  };
  test.each([
    ["a text file", 1010, async () => Buffer.from("#EXTM3U\n/etc/passwd\n")],
    ["an empty file", 1010, async () => Buffer.alloc(0)],
    ["sound only", 1020, async () => readFile(await clip("sound.m4a"))],
    ["an MP4 without its index", 1075, () => half("plain.mp4")],
    ["an MP4 that was cut off", 1076, () => half("faststart.mp4")],
    [
      "a silent file whose sound is asked for",
      1021,
      async () => readFile(await clip("silent-tiny.mp4")),
    ],
  ])("for %s: %i", async (what, code, bytes) => {
    const { id } = await encoder.submit(await encoder.upload(`${what}.mp4`, await bytes()));
    const { detail } = await encoder.event(id, "ERROR", "COMPLETE");
    expect(detail).toMatchObject({
      status: "ERROR",
      errorCode: code,
      errorMessage: expect.any(String),
    });
    expect(await encoder.job(id)).toMatchObject({ Status: "ERROR", ErrorCode: code });
  });

  test("for a missing input: 1404", async () => {
    const { id } = await encoder.submit("s3://uploads/gone.mp4");
    expect((await encoder.event(id, "ERROR")).detail.errorCode).toBe(1404);
  });
});

test("runs one job at a time, and cancels a waiting and a running job", async () => {
  const url = await encoder.upload("queue.mp4", await clip("plain.mp4"));
  const first = await encoder.submit(url);
  const second = await encoder.submit(url);
  await encoder.event(first.id, "INPUT_INFORMATION");
  expect((await encoder.job(second.id)).Status).toBe("SUBMITTED");

  await encoder.mediaconvert.send(new CancelJobCommand({ Id: second.id }));
  await encoder.mediaconvert.send(new CancelJobCommand({ Id: first.id }));
  for (const { id } of [first, second]) {
    expect((await encoder.job(id)).Status).toBe("CANCELED");
    await encoder.event(id, "CANCELED");
  }
  const { Jobs } = await encoder.mediaconvert.send(new ListJobsCommand({ MaxResults: 2 }));
  expect(Jobs?.map((job) => job.Id)).toEqual([second.id, first.id]);
});

test("sends all events after an outage of the bus, and restarts a stopped job", async () => {
  const url = await encoder.upload("again.mp4", await clip("plain.mp4"));
  await encoder.restart({ emit: () => Promise.reject(new Error("the bus is down")) });
  const { id } = await encoder.submit(url);
  await until(async () =>
    (await encoder.job(id)).CurrentPhase === "TRANSCODING" ? true : undefined,
  );
  await encoder.restart();
  await encoder.completed(id);
  const statuses = encoder.events
    .filter(({ detail }) => detail.jobId === id)
    .map((e) => e.detail.status);
  expect(statuses).toEqual(
    expect.arrayContaining(["PROGRESSING", "INPUT_INFORMATION", "COMPLETE"]),
  );
});

test("rejects input that only AWS cannot decode in strict mode: 1030", async () => {
  await encoder.restart({ strict: true });
  const { id } = await encoder.submit(await encoder.upload("444.mp4", await clip("444.mp4")), {
    hasAudio: false,
  });
  expect((await encoder.event(id, "ERROR")).detail.errorCode).toBe(1030);
});

describe("a check of the input that the machine ends is not the file's fault:", () => {
  test.each([
    ["killed", "kill -KILL $$"],
    [
      "killed after the first look",
      'case "$*" in *packet*) kill -KILL $$;; *) exec ffprobe "$@";; esac',
    ],
  ])("%s", async (how, script) => {
    const ffprobePath = join(encoder.folder, `${how}.sh`);
    await writeFile(ffprobePath, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await encoder.restart({ ffprobePath });
    const url = await encoder.upload(`${how}.ts`, await clip("part.ts"));
    const probe = new ProbeCommand({ InputFiles: [{ FileUrl: url }] });
    await expect(encoder.mediaconvert.send(probe)).rejects.toMatchObject({
      name: "InternalServerErrorException",
    });
    const { id } = await encoder.submit(url);
    expect((await encoder.event(id, "ERROR", "COMPLETE")).detail.errorCode).toBe(1999);
  });
});
