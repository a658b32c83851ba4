import * as z from "zod";
import { bytesText } from "../bytes.ts";

/** Why a job was rejected or failed: a closed union, so that every reason has its sentence. */
export const Failure = z.discriminatedUnion("type", [
  /** The object has no bytes. */
  z.object({ type: z.literal("source.empty") }),
  /** The first bytes are no container that we accept, or the probe found none. */
  z.object({ type: z.literal("source.not_media") }),
  /** A container without a video track and without sound. */
  z.object({ type: z.literal("source.no_video") }),
  /** Sound only. */
  z.object({ type: z.literal("source.audio_only") }),
  /** The container promises more bytes than the object has. */
  z.object({ type: z.literal("source.truncated") }),
  z.object({
    type: z.literal("source.too_long"),
    durationSeconds: z.number(),
    limitSeconds: z.number(),
  }),
  z.object({ type: z.literal("source.too_large"), sizeBytes: z.number(), limitBytes: z.number() }),
  /** The object was gone, or replaced, when we looked. */
  z.object({ type: z.literal("source.missing") }),
  /** The encoder refused the job's settings before it ran. */
  z.object({ type: z.literal("encoder.refused"), message: z.string() }),
  /** The encoder ended with one of its own error codes. */
  z.object({ type: z.literal("encoder.failed"), code: z.number().int(), message: z.string() }),
  /** The encoder no longer knows the job. */
  z.object({ type: z.literal("encoder.lost") }),
]);
export type Failure = z.infer<typeof Failure>;

/** Encoder errors that may pass by themselves: storage and time-outs, not the file. */
const PASSING: ReadonlySet<number> = new Set([1517, 1522, 1550, 1999]);

/** What a person reads about a failure: what happened, and what to do. Safe in the browser. */
export function failureSentence(failure: Failure): string {
  switch (failure.type) {
    case "source.empty":
      return "The file is empty (0 bytes). Upload it again.";
    case "source.not_media":
      return "This is not a video file that we can read.";
    case "source.no_video":
      return "The file holds no video track.";
    case "source.audio_only":
      return "The file holds sound only; audio files are not supported yet.";
    case "source.truncated":
      return "The file is cut off: its end is missing. Upload the whole file again.";
    case "source.too_long":
      return `The video is ${duration(failure.durationSeconds)} long; at most ${duration(failure.limitSeconds)} is allowed.`;
    case "source.too_large":
      return `The file has ${bytesText(failure.sizeBytes)}; at most ${bytesText(failure.limitBytes)} is allowed.`;
    case "source.missing":
      return "The file was gone, or had been replaced, before it could be read. Upload it again.";
    case "encoder.refused":
      return `The encoder refused the job: ${sentence(failure.message)}`;
    case "encoder.failed":
      return encoderSentence(failure.code, failure.message);
    case "encoder.lost":
      return "The encoder no longer knows this job. Try again.";
    default:
      return failure satisfies never;
  }
}

function encoderSentence(code: number, message: string): string {
  const said = `${sentence(message)} (error ${code})`;
  if (PASSING.has(code)) return `The encoder stopped on a passing fault; try again. ${said}`;
  switch (code) {
    case 1010:
      return `The encoder could not read the file's format. ${said}`;
    case 1020:
    case 1030:
      return `The encoder cannot use this file's video. ${said}`;
    case 1075:
    case 1076:
      return `The file is cut off or damaged. Upload the whole file again. ${said}`;
    case 1404:
      return `The file was gone before the encoder could read it. ${said}`;
    default:
      return `The encoder failed. ${said}`;
  }
}

function sentence(message: string): string {
  const text = message.trim().replace(/\s+/g, " ");
  if (text === "") return "It gave no reason.";
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const parts = [
    hours > 0 ? `${hours} h` : "",
    minutes > 0 ? `${minutes} min` : "",
    whole % 60 > 0 || whole === 0 ? `${whole % 60} s` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}
