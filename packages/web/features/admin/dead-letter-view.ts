/** `1 message`, `3 messages`. */
export function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}

/** A description of a queue's messages, by the name of its function. */
const QUEUES: readonly [RegExp, string][] = [
  [/source-?created/i, "Uploads that have no job yet."],
  [/rendition-?created/i, "Finished renditions that are not recorded yet."],
  [/transcode-?changed/i, "Encoder updates that are not applied yet."],
  [/job-?changed/i, "Emails that were not sent."],
  [/reconcile/i, "Checks for jobs that have stopped reporting."],
];

/** A description of a queue's messages; undefined for an unknown queue. */
export function queueSentence(name: string): string | undefined {
  return QUEUES.find(([pattern]) => pattern.test(name))?.[1];
}
