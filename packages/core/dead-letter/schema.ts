import * as z from "zod";

/** What could not be handled, as an admin sees it. No text in it opens anything. */
export const Letter = z.object({
  queue: z.string(),
  id: z.string(),
  /** When it was given up on; for a message of a queue, when it was sent. */
  time: z.iso.datetime(),
  reason: z.string(),
  attempts: z.number().int().positive().optional(),
  /** What it was about, in a line. */
  summary: z.string(),
});
export type Letter = z.infer<typeof Letter>;

export const Queue = z.object({
  name: z.string(),
  /** Messages of a queue, events of a function, or records of the table's stream. */
  kind: z.enum(["queue", "function", "stream"]),
  /** SQS's count, which may be behind by a minute. */
  count: z.number().int().nonnegative(),
  /** The newest of those that were looked at, newest first. */
  letters: z.array(Letter),
});
export type Queue = z.infer<typeof Queue>;

export const Redriven = z.object({
  queue: z.string(),
  /** How many were sent again, or made up for. */
  sent: z.number().int().nonnegative(),
  /** How many stay because nobody can read them. */
  kept: z.number().int().nonnegative(),
  /** What happens now, in a sentence. */
  message: z.string(),
});
export type Redriven = z.infer<typeof Redriven>;
