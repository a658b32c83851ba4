/** Why an attempt failed: the reasons, what the encoder's codes mean, and the sentence for its owner. */
import * as z from "zod";
import { formatBytes, formatLength } from "../format.ts";
import { LABELS } from "../rendition/schema.ts";
import type { Rejection } from "../source/rejection.ts";
import type { Warning } from "../source/warning.ts";
import { ENCODER_CODE as CODE, WARNING_CODE } from "./code.ts";

/** Why an output did not pass its check. */
export const OUTPUT_PROBLEMS = [
  /** The bucket does not have it. */
  "missing",
  "empty",
  /** It is shorter than its own index says, than the other outputs, or than the encoder reported. */
  "incomplete",
  /** No picture is found in it, or no sound in an audio file. */
  "unreadable",
  /** Its picture has another size than the encoder reported. */
  "wrong_size",
  /** It has no sound, and the other outputs have. */
  "silent",
] as const;
export type OutputProblem = (typeof OUTPUT_PROBLEMS)[number];

export const REASONS = [
  /** The encoder rejected the job's settings before it ran: a bug in Rushes, or a wrong configuration. */
  z.object({ type: z.literal("encoder.refused"), errorId: z.string().optional() }),
  /** The encoder ended with an error code that is neither the file's fault nor transient. */
  z.object({
    type: z.literal("encoder.failed"),
    code: z.number().int(),
    errorId: z.string().optional(),
  }),
  /** The encoder no longer knows the job. */
  z.object({ type: z.literal("encoder.lost") }),
  /** The encoder was killed or crashed, or AWS does not say why it stopped. */
  z.object({ type: z.literal("encoder.stopped"), errorId: z.string().optional() }),
  /** The encoder could not read from or write to S3. */
  z.object({ type: z.literal("encoder.storage"), errorId: z.string().optional() }),
  /** The machine ran out of memory. */
  z.object({ type: z.literal("encoder.out_of_memory"), errorId: z.string().optional() }),
  z.object({ type: z.literal("encoder.time_limit"), limitSeconds: z.number().int() }),
  z.object({ type: z.literal("encoder.memory_limit"), limitBytes: z.number().int() }),
  z.object({ type: z.literal("encoder.output_limit"), limitBytes: z.number().int() }),
  /** The encoder reported success, but this output did not pass its check. */
  z.object({
    type: z.literal("encoder.output"),
    label: z.enum(LABELS),
    problem: z.enum(OUTPUT_PROBLEMS),
    errorId: z.string().optional(),
  }),
  /** Checking the source or submitting it failed every time, for about an hour and a half. */
  z.object({ type: z.literal("encoder.unavailable") }),
  /** Reading the renditions failed every time, for about an hour and a half after the encoder had finished. */
  z.object({ type: z.literal("encoder.unreadable") }),
] as const;
export const EncoderFailure = z.discriminatedUnion("type", REASONS);
export type EncoderFailure = z.infer<typeof EncoderFailure>;

/** True for a machine fault that may not happen again: Rushes repeats such an attempt once. */
export function isTransient(failure: Rejection | EncoderFailure): boolean {
  return TRANSIENT.has(failure.type);
}
const TRANSIENT: ReadonlySet<string> = new Set<EncoderFailure["type"]>([
  "encoder.lost",
  "encoder.stopped",
  "encoder.storage",
  "encoder.out_of_memory",
  "encoder.output",
]);

/**
 * What an encoder's error code means for a job. Only the code decides. The message is another program's text and may
 * contain anything, so none of it reaches a row, a page, the API or a mail. The exception is the number that the local
 * encoder states with each of its limits.
 *
 * `errorId` identifies the failure in the log. A page shows it if the file is not the cause.
 */
export function failureOf(error: {
  code: number;
  message: string;
  errorId: string;
}): Rejection | EncoderFailure {
  const { code, message, errorId } = error;
  switch (code) {
    case CODE.container:
    case CODE.damaged:
      return { type: "source.damaged" };
    case CODE.noVideo:
      return { type: "source.no_video" };
    case CODE.unsupportedVideo:
      return { type: "source.unsupported_video" };
    case CODE.unsupportedAudio:
      return { type: "source.unsupported_audio" };
    case CODE.encrypted:
      return { type: "source.encrypted" };
    case CODE.noIndex:
    case CODE.truncated:
      return { type: "source.truncated" };
    case CODE.missing:
      return { type: "source.missing" };
    case CODE.write:
    case CODE.timeout:
    case CODE.service:
      return { type: "encoder.storage", errorId };
    case CODE.unknown:
      return { type: "encoder.stopped", errorId };
    case CODE.outOfMemory:
      return { type: "encoder.out_of_memory", errorId };
    case CODE.timeLimit:
      return { type: "encoder.time_limit", limitSeconds: limitIn(message) };
    case CODE.memoryLimit:
      return { type: "encoder.memory_limit", limitBytes: limitIn(message) };
    case CODE.outputLimit:
      return { type: "encoder.output_limit", limitBytes: limitIn(message) };
    case CODE.pixelLimit:
      return { type: "source.too_many_pixels", limitPixels: limitIn(message) };
    default:
      return { type: "encoder.failed", code, errorId };
  }
}

function limitIn(message: string): number {
  return Number(/\blimit of (\d{1,15})\b/.exec(message)?.[1] ?? 0);
}

/** What the owner reads: what happened, and what to do. Safe in the browser. */
export function encoderSentence(failure: EncoderFailure): string {
  switch (failure.type) {
    case "encoder.refused":
      return `The encoder rejected the job's settings. The file is not the cause.${idText(failure.errorId)}`;
    case "encoder.failed":
      return `The encoder failed with error ${failure.code}. The file is not the cause.${idText(failure.errorId)}`;
    case "encoder.lost":
      return "The encoder no longer knows this job. Try again.";
    case "encoder.stopped":
      return `The encoder stopped before it finished. Try again.${idText(failure.errorId)}`;
    case "encoder.storage":
      return `The encoder could not reach the storage. Try again later.${idText(failure.errorId)}`;
    case "encoder.out_of_memory":
      return `The encoder ran out of memory. Try again later.${idText(failure.errorId)}`;
    case "encoder.time_limit":
      return `Encoding took longer than the limit of ${formatLength(failure.limitSeconds)} for this video.`;
    case "encoder.memory_limit":
      return `Encoding needs more memory than the limit of ${formatBytes(failure.limitBytes)}.`;
    case "encoder.output_limit":
      return `The renditions are larger than the limit of ${formatBytes(failure.limitBytes)}.`;
    case "encoder.output":
      return `The encoder reported success, but ${outputText(failure)}. Try again.${idText(failure.errorId)}`;
    case "encoder.unavailable":
      return "The encoder could not be reached, or could not read the file, after many attempts. The file is kept, so you can retry later.";
    case "encoder.unreadable":
      return "The video was encoded, but its renditions could not be read after many attempts. The file is kept, so you can retry later.";
    default:
      return failure satisfies never;
  }
}

const PROBLEM_TEXT: Record<OutputProblem, string> = {
  missing: "is missing",
  empty: "is empty",
  incomplete: "is incomplete",
  unreadable: "cannot be read",
  wrong_size: "has the wrong picture size",
  silent: "has no sound",
};

/** Outputs that are no MP4. Of an MP4, its label is the end of its name, and not its size. */
const OUTPUT_TEXT: Partial<Record<string, string>> = {
  poster: "the poster",
  hls: "the adaptive stream",
  audio: "the audio file",
};

function outputText({ label, problem }: { label: string; problem: OutputProblem }): string {
  return `${OUTPUT_TEXT[label] ?? `the file …-${label}.mp4`} ${PROBLEM_TEXT[problem]}`;
}

function idText(errorId: string | undefined): string {
  return errorId ? ` (Error ID ${errorId}.)` : "";
}

/** What an encoder's warning means for a job. Undefined if the owner need not know. */
export function warningOf(code: number): Warning | undefined {
  if (code === WARNING_CODE.damaged) return { type: "source.damaged" };
  return code === WARNING_CODE.pictureChanged ? { type: "source.changed" } : undefined;
}
