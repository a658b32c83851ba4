import { type ExecFileException, execFile } from "node:child_process";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { detectContainer, FORMAT_WHITELIST } from "./container.ts";
import { DECODER_WHITELIST } from "./decoders.ts";
import { fromS3, JOB_ERRORS, JobError, probeStopped } from "./errors.ts";
import type { Gateway, OpenInput } from "./gateway.ts";
import { lengthNeeds, readPackets, withLength } from "./length.ts";
import { type MediaInfo, parseMedia } from "./media.ts";
import { parseUrl } from "./s3-url.ts";

/** A file that takes ffprobe longer could not be transcoded, except on a busy machine. */
const PROBE_TIMEOUT_MS = 30_000;
/** Enough for some GB. The total with a slow probe is below a function's timeout. */
const MEASURE_TIMEOUT_MS = 20_000;
/** More than the sources of a folder that is uploaded at once and the files that are made of them. One takes 2 KB. */
const MOST_CACHED = 1_000;
/** Enough to find a transport stream's packets after other bytes. */
const SNIFF_BYTES = 16 * 1024;

/** An object's metadata and the format of its first bytes. */
export interface InputHead {
  url: string;
  sizeBytes: number;
  etag: string;
  lastModified?: Date;
  mimeType?: string;
  /** Probe's name of the container, if its first bytes are known. */
  format?: string;
}

/** ffmpeg and ffprobe read an input over HTTP only, and no container that opens other files. */
const READ_ARGS = ["-protocol_whitelist", "http,tcp", "-format_whitelist", FORMAT_WHITELIST];

/**
 * The arguments to read an input of this format. A transport stream is named explicitly: ffmpeg may not
 * detect one that begins with other bytes or inside a packet.
 */
export function readArgs(format: string | undefined): string[] {
  return format === "mpegts" ? [...READ_ARGS, "-f", "mpegts"] : [...READ_ARGS];
}

/**
 * Reads inputs from S3. Caches the last probes, including running ones: a job follows the probe of its
 * source at once, and a rendition is probed for its own event and for the end of its job.
 */
export class Inputs {
  readonly #s3: S3Client;
  readonly #gateway: Gateway;
  readonly #ffprobe: string;
  readonly #maxPixels: string;
  readonly #cache = new Map<string, Promise<MediaInfo>>();

  /** @param framePixels the limit of a frame. ffprobe decodes no frame that is much larger. */
  constructor(s3: S3Client, gateway: Gateway, ffprobe: string, framePixels: number) {
    this.#s3 = s3;
    this.#gateway = gateway;
    this.#ffprobe = ffprobe;
    // Twice the limit, so that the error for a slightly larger frame can contain its size.
    this.#maxPixels = String(2 * framePixels);
  }

  /** @throws JobError 1401 or 1404 */
  async head(url: string): Promise<InputHead> {
    const object = { ...parseUrl(url), Range: `bytes=0-${SNIFF_BYTES - 1}` };
    try {
      const response = await this.#s3.send(new GetObjectCommand(object));
      const bytes = (await response.Body?.transformToByteArray()) ?? new Uint8Array();
      return {
        url,
        sizeBytes: Number(response.ContentRange?.split("/")[1] ?? response.ContentLength),
        etag: response.ETag ?? "",
        lastModified: response.LastModified,
        mimeType: response.ContentType,
        format: detectContainer(bytes),
      };
    } catch (error) {
      // An empty object has no ranges.
      if (error instanceof Error && error.name === "InvalidRange")
        return { url, sizeBytes: 0, etag: "" };
      throw fromS3(error, url, JOB_ERRORS.timeout);
    }
  }

  /** Lets a program read the object until `close`. */
  open(head: InputHead): OpenInput {
    return this.#gateway.open(head);
  }

  /** Probes the object. @throws JobError 1010, 1075 or 1076 if it cannot be read */
  async media(head: InputHead, signal?: AbortSignal): Promise<MediaInfo> {
    if (!head.format) {
      throw new JobError(JOB_ERRORS.container, "The input has no known container.");
    }
    let media = this.#cache.get(keyOf(head.url, head.etag));
    if (!media) {
      media = this.#object(head);
      this.remember(head.url, head.etag, media);
    }
    const found = await media;
    signal?.throwIfAborted();
    return found;
  }

  /** Caches the result of a probe. */
  remember(url: string, etag: string, media: Promise<MediaInfo>): void {
    const key = keyOf(url, etag);
    this.#cache.set(key, media);
    // Failures are not cached.
    media.catch(() => this.#cache.delete(key));
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > MOST_CACHED && oldest !== undefined) this.#cache.delete(oldest);
  }

  async #object(head: InputHead): Promise<MediaInfo> {
    const input = this.open(head);
    try {
      const media = await this.#probe(readArgs(head.format), input.url, input.env);
      return await this.#measure(media, input, head);
    } catch (error) {
      // An error of S3 is the cause of ffprobe's error.
      throw input.error() ?? error;
    } finally {
      input.close();
    }
  }

  /** Finds the duration of a file whose container does not contain the right one. */
  async #measure(media: MediaInfo, { url, env }: OpenInput, head: InputHead): Promise<MediaInfo> {
    const needs = lengthNeeds(media);
    if (!needs) return media;
    const lastSecond = Math.max(0, (media.durationSeconds ?? 0) - 1);
    const reader = {
      ffprobe: this.#ffprobe,
      read: readArgs(head.format),
      url,
      env,
      truncated: TRUNCATED,
      fromSeconds: needs === "end" ? lastSecond : undefined,
      timeoutMs: MEASURE_TIMEOUT_MS,
    };
    const found = await readPackets(reader, media);
    return withLength(media, found, head.sizeBytes);
  }

  async #probe(read: string[], url: string, env = process.env): Promise<MediaInfo> {
    const safe = ["-codec_whitelist", DECODER_WHITELIST, "-max_pixels", this.#maxPixels];
    const first = await this.#run([...read, ...safe, "-i", url], env);
    // ffprobe fails at the first track that it must not decode, even an unused one. Without reading frames
    // it reports what the container contains about all tracks, and the encoder decides.
    const isBlocked = first.failed && /not on whitelist|max pixel count/.test(first.stderr);
    const result = isBlocked
      ? await this.#run([...read, "-nofind_stream_info", "-i", url], env)
      : first;
    if (result.failed) throw unreadable(result.stderr);
    return parseMedia(JSON.parse(result.stdout));
  }

  #run(
    input: string[],
    env: NodeJS.ProcessEnv,
  ): Promise<{ stdout: string; stderr: string; failed: boolean }> {
    const show = ["-show_format", "-show_streams", "-show_programs", "-of", "json"];
    const args = ["-v", "error", ...show, ...input];
    const options = { env, timeout: PROBE_TIMEOUT_MS, killSignal: "SIGKILL" as const };
    return new Promise((resolve, reject) => {
      execFile(this.#ffprobe, args, options, (error, stdout, stderr) => {
        if (error && isMachineFault(error)) reject(probeStopped());
        else resolve({ stdout, stderr, failed: error !== null });
      });
    });
  }
}

/** The same content has the same ETag, whenever it was written. */
const keyOf = (url: string, etag: string) => `${url}\n${etag}`;

/**
 * True if ffprobe could not be started, or was killed by the system, a person or the timeout. The file is not the cause,
 * so the job is retried. A crash (SIGSEGV) is the file's fault.
 */
function isMachineFault({ signal, syscall }: ExecFileException): boolean {
  return syscall !== undefined || signal === "SIGKILL" || signal === "SIGTERM";
}

function unreadable(stderr: string): JobError {
  if (/moov atom not found/.test(stderr)) {
    return new JobError(JOB_ERRORS.noIndex, "The input has no moov atom. It may be incomplete.");
  }
  if (TRUNCATED.test(stderr)) {
    return new JobError(
      JOB_ERRORS.truncated,
      "The input ends before the end that its container states.",
    );
  }
  return new JobError(JOB_ERRORS.container, "The input's container cannot be read.");
}

/** What ffmpeg's demuxers print, with exit code 0, for a file that ends too early. */
export const TRUNCATED =
  /partial file|File ended prematurely|ends prematurely|truncat|End of file/i;
