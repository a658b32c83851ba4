import { JobId } from "../id.ts";
import { type Info, LABELS, type Label } from "./schema.ts";

/** The longest safe name. S3 keys have at most 1,024 bytes, which fits two such names and the ids. */
export const SAFE_NAME_BYTES = 200;

// Characters that would split a key, start a MediaConvert format identifier, or break a header.
const UNSAFE = /[$/\p{Cc}]/gu;

/** The last segment of a path-like key: `in/box/my video.mp4` is `my video.mp4`. */
export function baseName(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** A base name without its extension: `two.dots.mp4` is `two.dots`, and `.mp4` is empty. */
export function stem(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  return dot === -1 ? fileName : fileName.slice(0, dot);
}

/**
 * The source's base name, made safe for keys of renditions: no extension, `_` for `$`, `/` and control characters, at
 * most 200 bytes of UTF-8, cut between characters, and `video` if nothing is left.
 */
export function safeName(fileName: string): string {
  return noDots(safe(stem(baseName(fileName)))) || "video";
}

/** A whole file name made safe for an upload's key, with its extension kept. */
export function safeFileName(fileName: string): string {
  const name = baseName(fileName);
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 16 ? safe(name.slice(dot)) : "";
  const start = safe(dot > 0 && extension !== "" ? name.slice(0, dot) : name) || "video";
  return noDots(`${start}${extension}`);
}

/** URLs lose segments that are only `.` or `..`, so those become underscores. */
const noDots = (step: string) => step.replace(/^\.{1,2}$/, (dots) => "_".repeat(dots.length));

function safe(text: string): string {
  return cut(text.toWellFormed().replace(UNSAFE, "_"), SAFE_NAME_BYTES);
}

/** The longest start of `text` that fits into `limit` bytes of UTF-8 without splitting a character. */
export function cut(text: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
    if (bytes > limit) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The prefix of all keys. It is the path of the CDN, so that a URL's path is the key. */
export const MEDIA = "media/";

/** The folder of an attempt's renditions: `media/<jobId>/<attempt>/<safe>/`. */
export function folder(jobId: string, attempt: number, safeName: string): string {
  return `${MEDIA}${jobId}/${attempt}/${safeName}/`;
}

/** The folders with everything that was made from a job. Earlier versions wrote keys without the prefix. */
export const foldersOf = (jobId: string) => [`${MEDIA}${jobId}/`, `${jobId}/`];

/** The prefix of the keys of an attempt's captures. A number follows. */
export function capturePrefix(jobId: string, attempt: number, safeName: string): string {
  return `${folder(jobId, attempt, safeName)}${safeName}-poster.`;
}

/** The folder of an attempt's adaptive stream. Every file of the stream is below it. */
export function hlsFolder(jobId: string, attempt: number, safeName: string): string {
  return `${folder(jobId, attempt, safeName)}hls/`;
}

/** The multivariant playlist below `hlsFolder`. S3 reports only this file of a stream. */
export const MULTIVARIANT = "index.m3u8";

/**
 * The key that the encoder gives a rendition. For `poster`, the key of the first capture, and for `hls`, that of the
 * multivariant playlist.
 */
export function renditionKey(
  jobId: string,
  attempt: number,
  safeName: string,
  label: Label,
): string {
  if (label === "poster") return `${capturePrefix(jobId, attempt, safeName)}0000000.jpg`;
  if (label === "hls") return `${hlsFolder(jobId, attempt, safeName)}${MULTIVARIANT}`;
  const extension = label === "audio" ? "m4a" : "mp4";
  return `${folder(jobId, attempt, safeName)}${safeName}-${label}.${extension}`;
}

/** The kind of the rendition with this label. */
export function kindOf(label: Label): Info["kind"] {
  return label === "hls" || label === "audio" || label === "poster" ? label : "mp4";
}

/**
 * Parses a key of the renditions bucket. Undefined if Rushes did not create it. Every capture has the label `poster`.
 * Keys of earlier versions have no prefix.
 */
export function parse(
  key: string,
): { jobId: JobId; attempt: number; label: Label; kind: Info["kind"] } | undefined {
  const path = key.startsWith(MEDIA) ? key : `${MEDIA}${key}`;
  const [id, attemptText = "", safeName, file] = path.slice(MEDIA.length).split("/");
  const jobId = JobId.safeParse(id);
  if (!jobId.success || !/^[1-9]\d{0,5}$/.test(attemptText) || !safeName || !file) return undefined;
  const attempt = Number(attemptText);
  const first = path.replace(/\.\d{7}\.jpg$/, ".0000000.jpg");
  const label = LABELS.find((one) => renditionKey(jobId.data, attempt, safeName, one) === first);
  return label && { jobId: jobId.data, attempt, label, kind: kindOf(label) };
}
