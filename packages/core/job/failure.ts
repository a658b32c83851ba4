import * as z from "zod";
import { REASONS as ENCODER_REASONS, encoderSentence, failureOf } from "../encoder/failure.ts";
import {
  type Rejection,
  rejectionSentence,
  REASONS as SOURCE_REASONS,
} from "../source/rejection.ts";

/** Why a job was rejected or failed: a closed union, so that every reason has a sentence. */
export const Failure = z.discriminatedUnion("type", [...SOURCE_REASONS, ...ENCODER_REASONS]);
export type Failure = z.infer<typeof Failure>;

/** A failure as a row stores it. Rows of earlier versions contain the encoder's raw text, which is dropped. */
export const StoredFailure = z.preprocess((stored) => {
  const old = EncoderText.safeParse(stored);
  if (!old.success) return stored;
  return failureOf({ code: old.data.code, message: "", errorId: "" });
}, Failure);

const EncoderText = z.object({
  type: z.literal("encoder.failed"),
  code: z.number().int(),
  message: z.string(),
});

/** What the owner reads about a failure: what happened, and what to do. Safe in the browser. */
export function failureSentence(failure: Failure): string {
  return isRejection(failure) ? rejectionSentence(failure) : encoderSentence(failure);
}

function isRejection(failure: Failure): failure is Rejection {
  return failure.type.startsWith("source.");
}
