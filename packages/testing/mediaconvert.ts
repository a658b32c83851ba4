import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import {
  CancelJobCommand,
  CreateJobCommand,
  GetJobCommand,
  type Job,
  MediaConvertClient,
} from "@aws-sdk/client-mediaconvert";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { StateChangeEvent } from "@rushes/aws-local/mediaconvert/events";
import { type MediaConvertOptions, start } from "@rushes/aws-local/mediaconvert/index";
import { start as startS3 } from "@rushes/aws-local/s3/index";
import { createJobRequest } from "@rushes/core/encoder/request";
import { FFMPEG, FFPROBE } from "./clips.ts";

const run = promisify(execFile);
const host = "127.0.0.1";
const region = "us-east-1";
export const credentials = { accessKeyId: "rushes", secretAccessKey: "a secret of the test" };

/** For tests: S3 and the encoder as the product starts them, with the SDK's own clients. */
export async function openHome(over: Partial<MediaConvertOptions> = {}, s3Folder?: string) {
  const folder = await mkdtemp(join(tmpdir(), "rushes-encoder-"));
  const events: StateChangeEvent[] = [];
  const log: string[] = [];
  const s3Server = await startS3({
    dataDir: s3Folder ?? join(folder, "s3"),
    ...{ host, port: 0, region, credentials },
    buckets: ["uploads", "renditions"].map((name) => ({ name, notifications: [] })),
    deliver: async () => {},
  });
  const options: MediaConvertOptions = {
    dataDir: join(folder, "mediaconvert"),
    ...{ host, port: 0, region, credentials, ffmpegPath: FFMPEG, ffprobePath: FFPROBE },
    s3Endpoint: s3Server.url,
    concurrency: 1,
    emit: async (event) => {
      events.push(event);
    },
    onLog: (line) => log.push(line),
    ...over,
  };
  let encoder = await start(options);
  let stopped: Promise<void> | undefined;
  const client = () => new MediaConvertClient({ region, credentials, endpoint: encoder.url });
  const s3 = new S3Client({ region, credentials, endpoint: s3Server.url, forcePathStyle: true });
  let mediaconvert = client();

  const home = {
    folder,
    options,
    events,
    s3,
    s3Url: s3Server.url,
    get mediaconvert() {
      return mediaconvert;
    },
    get url() {
      return encoder.url;
    },

    /** Puts a file into the uploads bucket; returns its `s3://` address. */
    async upload(key: string, content: string | Uint8Array): Promise<string> {
      const Body = typeof content === "string" ? await readFile(content) : content;
      await s3.send(new PutObjectCommand({ Bucket: "uploads", Key: key, Body }));
      return `s3://uploads/${key}`;
    },

    /** Submits the product's own request. */
    async submit(
      sourceUrl: string,
      options: {
        jobId?: string;
        hasAudio?: boolean;
        safeName?: string;
        durationSeconds?: number;
      } = {},
    ) {
      const { jobId = `job_${Math.random()}`, hasAudio = true, safeName = "clip" } = options;
      const { durationSeconds = 0 } = options;
      const request = createJobRequest({
        ...{ jobId, attempt: 1, sourceUrl, safeName, hasAudio, durationSeconds },
        destination: `s3://renditions/${jobId}/1/${safeName}/`,
        roleArn: "arn:aws:iam::000000000000:role/rushes",
        queueArn: "arn:aws:mediaconvert:us-east-1:000000000000:queues/Default",
      });
      const { Job: job } = await mediaconvert.send(new CreateJobCommand(request));
      if (!job?.Id) throw new Error("CreateJob answered without a job.");
      return { id: job.Id, request, prefix: `${jobId}/1/${safeName}/${safeName}` };
    },

    /** What the encoder's log has about a job: of one that failed, the last lines of ffmpeg. */
    logOf: (id: string): string => log.filter((line) => line.includes(id)).join("\n"),

    async cancel(id: string): Promise<void> {
      await mediaconvert.send(new CancelJobCommand({ Id: id }));
    },

    async job(id: string): Promise<Job> {
      const { Job: job } = await mediaconvert.send(new GetJobCommand({ Id: id }));
      if (!job) throw new Error("GetJob answered without a job.");
      return job;
    },

    /** Waits for an event of a job: long enough for thirty seconds of video on a busy machine. */
    async event(id: string, ...statuses: string[]): Promise<StateChangeEvent> {
      const told = ({ detail }: StateChangeEvent) =>
        detail.jobId === id && statuses.includes(String(detail.status));
      return await until(() => events.find(told), 240_000);
    },

    /** What ffprobe says of a rendition, by track type. */
    async probe(key: string): Promise<{ path: string; video: Track; audio?: Track }> {
      const object = await s3.send(new GetObjectCommand({ Bucket: "renditions", Key: key }));
      const path = join(folder, key.replaceAll("/", "_"));
      await writeFile(path, (await object.Body?.transformToByteArray()) ?? "");
      const { stdout } = await run(FFPROBE, ["-v", "error", "-show_streams", "-of", "json", path]);
      const { streams } = JSON.parse(stdout) as { streams: Track[] }; // ffprobe's own shape.
      const video = streams.find((stream) => stream.codec_type === "video");
      const audio = streams.find((stream) => stream.codec_type === "audio");
      if (!video) throw new Error(`${key} has no picture.`);
      return { path, video, ...(audio && { audio }) };
    },

    /** Stops the encoder in order. */
    stop: (): Promise<void> => (stopped ??= encoder.close()),

    /** Stops the encoder and starts it on the same data. */
    async restart(change: Partial<MediaConvertOptions> = {}): Promise<void> {
      await home.stop();
      encoder = await start({ ...options, ...change });
      stopped = undefined;
      mediaconvert = client();
    },

    async close(): Promise<void> {
      await home.stop();
      await s3Server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return home;
}
export type Home = Awaited<ReturnType<typeof openHome>>;

/** One stream of ffprobe's answer. */
export interface Track {
  codec_type: string;
  codec_name: string;
  profile: string;
  level: number;
  width: number;
  height: number;
  r_frame_rate: string;
  bit_rate: string;
  pix_fmt: string;
  color_transfer?: string;
  sample_aspect_ratio: string;
  sample_rate: string;
  channels: number;
  duration: string;
  side_data_list?: unknown[];
}

/** Asks until there is an answer; fails after a deadline. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  deadlineMs = 50_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error("It did not happen in time.");
    await delay(20);
  }
}

/** Waits for the ffmpeg process that an encoder runs; `url` is the encoder's address. */
export function encoderPid(url: string): Promise<number> {
  return until(async () => {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      // The address of this encoder's input, in the arguments of ffmpeg and not of its shell.
      if (/^nice|^ffmpeg|\/ffmpeg/.test(line) && line.includes(`${url}/inputs/`)) {
        return Number(pid);
      }
    }
    return undefined;
  });
}
