import type { Failure } from "../job/failure.ts";
import type { Warning } from "../job/warning.ts";
import { ENCODER_CODE as CODE, WARNING_CODE } from "./code.ts";

/**
 * What an encoder's error code means for a job. Only the code decides. The message is another
 * program's text and may hold anything, so none of it reaches a row, a page, the API or a mail; of the
 * local encoder's limits, which state one number, that number is read.
 *
 * `errorId` is what the log calls this failure; a page shows it for what is not the file's fault.
 */
export function failureOf(error: { code: number; message: string; errorId: string }): Failure {
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

/** What an encoder's warning means for a job; undefined where its owner need not know. */
export function warningOf(code: number): Warning | undefined {
  return code === WARNING_CODE.damaged ? { type: "source.damaged" } : undefined;
}
