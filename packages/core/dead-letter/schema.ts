import * as z from "zod";

/** A dead-letter message, as an admin sees it. It contains no secret. */
export const DeadLetterMessage = z.object({
  queue: z.string(),
  id: z.string(),
  /** When the last try failed. For a message of a queue, when it was sent. */
  time: z.iso.datetime(),
  reason: z.string(),
  attempts: z.number().int().positive().optional(),
  /** What it was about, in one line. */
  summary: z.string(),
});
export type DeadLetterMessage = z.infer<typeof DeadLetterMessage>;

export const Queue = z.object({
  name: z.string(),
  /** Messages of a queue, events of a function, or records of the table's stream. */
  kind: z.enum(["queue", "function", "stream"]),
  /** SQS's count, which may be a minute old. */
  count: z.number().int().nonnegative(),
  /** The newest of the messages that were read, newest first. */
  letters: z.array(DeadLetterMessage),
});
export type Queue = z.infer<typeof Queue>;

export const Redriven = z.object({
  queue: z.string(),
  /** How many were sent again or otherwise processed. */
  sent: z.number().int().nonnegative(),
  /** How many stay because they cannot be parsed. */
  kept: z.number().int().nonnegative(),
  /** What happens next, in a sentence. */
  message: z.string(),
});
export type Redriven = z.infer<typeof Redriven>;
