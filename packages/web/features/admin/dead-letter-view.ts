/** `1 letter`, `3 letters`. */
export function countLetters(count: number): string {
  return count === 1 ? "1 letter" : `${count} letters`;
}

/** What stands still while a queue's letters are stuck, by the name of its function. */
const QUEUES: readonly [RegExp, string][] = [
  [/source-?created/i, "Uploads that did not become jobs."],
  [/rendition-?created/i, "Renditions that were made and are not known."],
  [/transcode-?changed/i, "Changes of encodings that did not arrive."],
  [/job-?changed/i, "Mails that were not sent."],
  [/reconcile/i, "Rounds that look for jobs which have gone silent."],
];

/** What the letters of a queue mean for people; undefined for a queue that we do not know. */
export function queueSentence(name: string): string | undefined {
  return QUEUES.find(([pattern]) => pattern.test(name))?.[1];
}
