/** What an attempt makes, and the keys that it was submitted with. */
import * as Key from "../rendition/key.ts";
import { labelsOf, PROFILES } from "../rendition/profile.ts";
import type { Label } from "../rendition/schema.ts";
import type { Row } from "./row.ts";

/** An attempt of an earlier version recorded no labels, and its keys have no prefix. */
const isOfEarlierVersion = (job: Row) => job.expected === undefined;

/** The labels of what the attempt makes. */
export const expectedOf = (job: Row): readonly Label[] =>
  job.expected ?? labelsOf(PROFILES.original, true);

/** The folder of the attempt. */
export const folderOf = (job: Row) => asSubmitted(job, Key.folder);

/** The key of the rendition with this label. */
export const keyOf = (job: Row, label: Label) => asSubmitted(job, Key.renditionKey, label);

/** The prefix of the keys of its captures. */
export const capturePrefixOf = (job: Row) => asSubmitted(job, Key.capturePrefix);

function asSubmitted<A extends unknown[]>(
  job: Row,
  make: (id: string, attempt: number, safeName: string, ...rest: A) => string,
  ...rest: A
): string {
  const key = make(job.id, job.attempt, Key.safeName(job.fileName), ...rest);
  return isOfEarlierVersion(job) ? key.slice(Key.MEDIA.length) : key;
}
