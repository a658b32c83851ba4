import { execFile } from "node:child_process";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { detectContainer, FORMAT_WHITELIST } from "./container.ts";
import { DECODER_WHITELIST } from "./decoders.ts";
import { fromS3, JOB_ERRORS, JobError } from "./errors.ts";
import type { Gateway, OpenInput } from "./gateway.ts";
import { lengthNeeds, readPackets, withLength } from "./length.ts";
import { type MediaInfo, parseMedia } from "./media.ts";
import { S3_URL } from "./schema.ts";

/** A file that keeps ffprobe busy for longer is none that we could transcode. */
const PROBE_TIMEOUT_MS = 30_000;
/** Enough for some GB. Together with a probe that is as slow, it stays below a function's time limit. */
const MEASURE_TIMEOUT_MS = 20_000;
/** Enough to find a transport stream's packets behind stray bytes. */
const SNIFF_BYTES = 16 * 1024;

/** An object before anything has parsed it. */
export interface InputHead {
  url: string;
  sizeBytes: number;
  etag: string;
  lastModified?: Date;
  mimeType?: string;
  /** Probe's name of the container, where its first bytes are of one. */
  format?: string;
}

/** How ffmpeg and ffprobe may read an input: over HTTP, and no container that opens other files. */
export const READ_ARGS = [
  ...["-protocol_whitelist", "http,tcp", "-format_whitelist", FORMAT_WHITELIST],
];

/**
 * The same for an input of this format. A transport stream is named: behind stray bytes, or where it
 * begins inside a packet, ffmpeg may take it for something else.
 */
export function readArgs(format: string | undefined): string[] {
  return format === "mpegts" ? [...READ_ARGS, "-f", "mpegts"] : READ_ARGS;
}

/**
 * Reads inputs out of S3. Remembers what it last probed, also while it is at it: a job follows its
 * source's probe at once, and a rendition is asked about by its own event and by the job's end.
 */
export class Inputs {
  readonly #s3: S3Client;
  readonly #gateway: Gateway;
  readonly #ffprobe: string;
  readonly #maxPixels: string;
  readonly #known = new Map<string, Promise<MediaInfo>>();

  /** @param framePixels the limit of a frame: larger ones are not decoded to learn what they are. */
  constructor(s3: S3Client, gateway: Gateway, ffprobe: string, framePixels: number) {
    this.#s3 = s3;
    this.#gateway = gateway;
    this.#ffprobe = ffprobe;
    // So that somewhat larger ones are refused with their size.
    this.#maxPixels = String(2 * framePixels);
  }

  /** The object's head. @throws JobError 1401 or 1404. */
  async head(url: string): Promise<InputHead> {
    const { Bucket, Key } = parseUrl(url);
    try {
      const answer = await this.#s3.send(
        new GetObjectCommand({ Bucket, Key, Range: `bytes=0-${SNIFF_BYTES - 1}` }),
      );
      const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      const size = Number(answer.ContentRange?.split("/")[1] ?? answer.ContentLength);
      const format = detectContainer(bytes);
      return {
        url,
        sizeBytes: size,
        etag: answer.ETag ?? "",
        ...(answer.LastModified && { lastModified: answer.LastModified }),
        ...(answer.ContentType && { mimeType: answer.ContentType }),
        ...(format && { format }),
      };
    } catch (error) {
      // No range of an empty object can be had.
      if (error instanceof Error && error.name === "InvalidRange")
        return { url, sizeBytes: 0, etag: "" };
      throw fromS3(error, url, JOB_ERRORS.timeout);
    }
  }

  /** Lets a program read the object until it is closed. */
  open(head: InputHead): OpenInput {
    return this.#gateway.open(head);
  }

  /** What is in the object. @throws JobError 1010, 1075, 1076 where it cannot be read. */
  async media(head: InputHead, signal?: AbortSignal): Promise<MediaInfo> {
    if (!head.format) {
      throw new JobError(JOB_ERRORS.container, "The input is in no container that is recognised.");
    }
    let media = this.#known.get(keyOf(head.url, head.etag));
    if (!media) {
      media = this.#object(head);
      this.remember(head.url, head.etag, media);
    }
    const found = await media;
    signal?.throwIfAborted();
    return found;
  }

  /** What is in a file that we wrote ourselves and that is about to become an object. */
  file(path: string): Promise<MediaInfo> {
    return this.#probe(["-protocol_whitelist", "file"], `file:${path}`);
  }

  /** Keeps what is in an object, so that whoever asks next is answered at once. */
  remember(url: string, etag: string, media: Promise<MediaInfo>): void {
    const key = keyOf(url, etag);
    this.#known.set(key, media);
    // Only an answer is worth remembering.
    media.catch(() => this.#known.delete(key));
    const [oldest] = this.#known.keys();
    if (this.#known.size > 100 && oldest !== undefined) this.#known.delete(oldest);
  }

  async #object(head: InputHead): Promise<MediaInfo> {
    const input = this.open(head);
    try {
      const media = await this.#probe(readArgs(head.format), input.address, input.env);
      return await this.#measure(media, input, head);
    } catch (error) {
      // What S3 did comes before what ffprobe made of it.
      throw input.fault() ?? error;
    } finally {
      input.close();
    }
  }

  /** Finds the length of a file whose container does not state it, or not the right one. */
  async #measure(
    media: MediaInfo,
    { address, env }: OpenInput,
    head: InputHead,
  ): Promise<MediaInfo> {
    const needs = lengthNeeds(media);
    if (!needs) return media;
    const from =
      needs === "end" ? { fromSeconds: Math.max(0, (media.durationSeconds ?? 0) - 1) } : {};
    const reader = {
      ffprobe: this.#ffprobe,
      read: readArgs(head.format),
      ...{ address, env },
      truncated: TRUNCATED,
    };
    const found = await readPackets({ ...reader, ...from, timeoutMs: MEASURE_TIMEOUT_MS }, media);
    return withLength(media, found, head.sizeBytes);
  }

  async #probe(read: string[], address: string, env = process.env): Promise<MediaInfo> {
    const safe = ["-codec_whitelist", DECODER_WHITELIST, "-max_pixels", this.#maxPixels];
    const first = await this.#run([...read, ...safe, "-i", address], env);
    // ffprobe gives up at the first track that it may not decode, wanted or not. Without a look at any
    // frame it tells what the container says of all of them, and the encoder decides.
    const refused = first.failed && /not on whitelist|max pixel count/.test(first.stderr);
    const answer = refused
      ? await this.#run([...read, "-nofind_stream_info", "-i", address], env)
      : first;
    if (answer.failed) throw unreadable(answer.stderr);
    return parseMedia(JSON.parse(answer.stdout));
  }

  #run(
    input: string[],
    env: NodeJS.ProcessEnv,
  ): Promise<{ stdout: string; stderr: string; failed: boolean }> {
    const args = ["-v", "error", "-show_format", "-show_streams", "-of", "json", ...input];
    const options = { env, timeout: PROBE_TIMEOUT_MS, killSignal: "SIGKILL" as const };
    return new Promise((resolve) => {
      execFile(this.#ffprobe, args, options, (error, stdout, stderr) =>
        resolve({ stdout, stderr, failed: error !== null }),
      );
    });
  }
}

/** The same content has the same tag, whenever it was written. */
const keyOf = (url: string, etag: string) => `${url}\n${etag}`;

function unreadable(stderr: string): JobError {
  if (/moov atom not found/.test(stderr)) {
    return new JobError(JOB_ERRORS.noIndex, "The input has no moov atom: it may be incomplete.");
  }
  if (TRUNCATED.test(stderr)) {
    return new JobError(JOB_ERRORS.truncated, "The input ends before its container says.");
  }
  return new JobError(JOB_ERRORS.container, "The input's container cannot be read.");
}

/** What ffmpeg's demuxers say of a file that ends too early, with exit code 0. */
export const TRUNCATED =
  /partial file|File ended prematurely|ends prematurely|truncat|End of file/i;

export function parseUrl(url: string): { Bucket: string; Key: string } {
  const [, Bucket = "", Key = ""] = S3_URL.exec(url) ?? [];
  return { Bucket, Key };
}
