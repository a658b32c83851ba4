import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { type Download, PROFILES } from "@rushes/core/rendition/profile";
import { FFMPEG, FFPROBE } from "./clips.ts";
import { jobRequest } from "./job-request.ts";
import { ffmpeg } from "./patches.ts";
import { until } from "./until.ts";

const run = promisify(execFile);
const host = "127.0.0.1";
const region = "us-east-1";
export const credentials = { accessKeyId: "rushes", secretAccessKey: "a secret of the test" };

/** A job as a test submits it; every field has a default. */
export interface Submission {
  jobId?: string;
  hasAudio?: boolean;
  /** The MP4 files. All by default. */
  downloads?: readonly Download[];
  safeName?: string;
  durationSeconds?: number;
}

/** Starts S3 and the encoder as the product does, on a fresh folder. */
export async function startEncoder(
  changes: Partial<MediaConvertOptions> = {},
  s3Folder?: string,
): Promise<TestEncoder> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-encoder-"));
  const s3 = await startS3({
    dataDir: s3Folder ?? join(folder, "s3"),
    host,
    port: 0,
    region,
    credentials,
    buckets: ["uploads", "renditions"].map((name) => ({ name, notifications: [] })),
    deliver: async () => {},
  });
  const encoder = new TestEncoder(folder, s3, changes);
  await encoder.start();
  return encoder;
}

type Server = Awaited<ReturnType<typeof start>>;

/** The encoder with its own S3, and the SDK's clients of both. */
export class TestEncoder {
  readonly folder: string;
  readonly options: MediaConvertOptions;
  readonly events: StateChangeEvent[] = [];
  readonly s3: S3Client;
  readonly s3Url: string;
  private readonly s3Server: Awaited<ReturnType<typeof startS3>>;
  private readonly log: string[] = [];
  private server: Server | undefined;
  private client: MediaConvertClient | undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    folder: string,
    s3Server: Awaited<ReturnType<typeof startS3>>,
    changes: Partial<MediaConvertOptions>,
  ) {
    this.folder = folder;
    this.s3Server = s3Server;
    this.s3Url = s3Server.url;
    this.s3 = new S3Client({ region, credentials, endpoint: s3Server.url, forcePathStyle: true });
    this.options = {
      dataDir: join(folder, "mediaconvert"),
      host,
      port: 0,
      region,
      credentials,
      ffmpegPath: FFMPEG,
      ffprobePath: FFPROBE,
      s3Endpoint: s3Server.url,
      concurrency: 1,
      emit: async (event) => {
        this.events.push(event);
      },
      onLog: (line) => this.log.push(line),
      ...changes,
    };
  }

  async start(changes: Partial<MediaConvertOptions> = {}): Promise<void> {
    this.server = await start({ ...this.options, ...changes });
    this.client = new MediaConvertClient({ region, credentials, endpoint: this.server.url });
    this.stopped = undefined;
  }

  get url(): string {
    if (!this.server) throw new Error("The encoder has not started.");
    return this.server.url;
  }

  /** A client of the running encoder. Each start has another port. */
  get mediaconvert(): MediaConvertClient {
    if (!this.client) throw new Error("The encoder has not started.");
    return this.client;
  }

  /** Puts a file into the uploads bucket; returns its `s3://` URL. */
  async upload(key: string, content: string | Uint8Array): Promise<string> {
    const Body = typeof content === "string" ? await readFile(content) : content;
    await this.s3.send(new PutObjectCommand({ Bucket: "uploads", Key: key, Body }));
    return `s3://uploads/${key}`;
  }

  /** Uploads the file that ffmpeg writes with these arguments. */
  async make(name: string, args: string[]): Promise<string> {
    const path = join(this.folder, name);
    await ffmpeg([...args, path]);
    return this.upload(name, path);
  }

  /** Submits a job with the request that the product builds. */
  async submit(sourceUrl: string, submission: Submission = {}) {
    const {
      jobId = `job_${Math.random()}`,
      hasAudio = true,
      downloads = PROFILES.original.downloads,
      safeName = "clip",
      durationSeconds = 0,
    } = submission;
    const request = jobRequest({
      jobId,
      sourceUrl,
      safeName,
      destination: `s3://renditions/media/${jobId}/1/${safeName}/`,
      profile: { ...PROFILES.original, downloads },
      source: { durationSeconds, audio: hasAudio ? [{}] : [] },
    });
    const { Job: job } = await this.mediaconvert.send(new CreateJobCommand(request));
    if (!job?.Id) throw new Error("CreateJob returned no job.");
    return { id: job.Id, request, prefix: `media/${jobId}/1/${safeName}/${safeName}` };
  }

  /** The encoder's log lines about a job. For a failed job they include the last lines of ffmpeg. */
  logOf(id: string): string {
    return this.log.filter((line) => line.includes(id)).join("\n");
  }

  async cancel(id: string): Promise<void> {
    await this.mediaconvert.send(new CancelJobCommand({ Id: id }));
  }

  async job(id: string): Promise<Job> {
    const { Job: job } = await this.mediaconvert.send(new GetJobCommand({ Id: id }));
    if (!job) throw new Error("GetJob returned no job.");
    return job;
  }

  /** Waits for an event of a job: long enough for thirty seconds of video on a busy machine. */
  event(id: string, ...statuses: string[]): Promise<StateChangeEvent> {
    const matches = ({ detail }: StateChangeEvent) =>
      detail.jobId === id && statuses.includes(String(detail.status));
    return until(() => this.events.find(matches), 240_000);
  }

  /** Waits until a job is complete. If it fails, throws the encoder's code, message and log. */
  async completed(id: string): Promise<StateChangeEvent> {
    const ended = await this.event(id, "COMPLETE", "ERROR");
    const { status, errorCode, errorMessage } = ended.detail;
    if (status === "COMPLETE") return ended;
    throw new Error(`The job failed with ${errorCode}: ${errorMessage}\n${this.logOf(id)}`);
  }

  /** An object in the renditions bucket. */
  async get(key: string): Promise<Buffer> {
    const get = new GetObjectCommand({ Bucket: "renditions", Key: key });
    const { Body } = await this.s3.send(get);
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** Saves an object of the renditions bucket, and returns its path. */
  async save(key: string): Promise<string> {
    const path = join(this.folder, key.replaceAll("/", "_"));
    await writeFile(path, await this.get(key));
    return path;
  }

  /** The streams that ffprobe finds in a rendition. */
  async probe(key: string): Promise<{ path: string; video: Track; audio?: Track }> {
    const path = await this.save(key);
    const { stdout } = await run(FFPROBE, ["-v", "error", "-show_streams", "-of", "json", path]);
    const { streams } = JSON.parse(stdout) as { streams: Track[] }; // ffprobe's own shape.
    const video = streams.find((stream) => stream.codec_type === "video");
    const audio = streams.find((stream) => stream.codec_type === "audio");
    if (!video) throw new Error(`${key} has no video stream.`);
    return { path, video, ...(audio && { audio }) };
  }

  /** Stops the encoder gracefully. */
  stop(): Promise<void> {
    this.stopped ??= this.server?.close();
    return this.stopped ?? Promise.resolve();
  }

  /** Stops the encoder and starts it on the same data. */
  async restart(changes: Partial<MediaConvertOptions> = {}): Promise<void> {
    await this.stop();
    await this.start(changes);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.s3Server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** One stream of ffprobe's output. */
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

/** Waits for the ffmpeg process that an encoder runs; `url` is the encoder's endpoint. */
export function encoderPid(url: string): Promise<number> {
  // Any other text could match the process of another test file.
  if (!/^http:\/\/[^/]+:\d+$/.test(url)) throw new Error(`"${url}" is no endpoint of an encoder.`);
  return until(async () => {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      // The URL of this encoder's input, in the arguments of ffmpeg and not of its shell.
      if (/^nice|^ffmpeg|\/ffmpeg/.test(line) && line.includes(`${url}/inputs/`)) {
        return Number(pid);
      }
    }
    return undefined;
  });
}
