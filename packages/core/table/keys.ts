import { foldName } from "./indexes.ts";

const attemptText = (attempt: number) => String(attempt).padStart(6, "0");

/** Every primary key of the table. */
export const key = {
  job: (id: string) => ({ pk: `JOB#${id}`, sk: "JOB" }),
  rendition: (id: string, attempt: number, label: string) => ({
    pk: `JOB#${id}`,
    sk: `REND#${attemptText(attempt)}#${label}`,
  }),
  /** The event and its attempt name the row, so a repeated event writes the same row. */
  event: (id: string, attempt: number, type: string, label: string) => ({
    pk: `JOB#${id}`,
    sk: `EVENT#${attemptText(attempt)}#${type}#${label}`,
  }),
  notice: (id: string, attempt: number) => ({
    pk: `JOB#${id}`,
    sk: `NOTICE#${attemptText(attempt)}`,
  }),
  /** The words of a job, and which search rows it has. */
  indexed: (id: string) => ({ pk: `JOB#${id}`, sk: "SEARCH" }),
  /** A search row: a job with this word, with this beginning of a word, or with this tag. */
  word: (ownerId: string, word: string, id: string) => ({
    pk: `OWNER#${ownerId}#WORD#${word}`,
    sk: id,
  }),
  /** How far the jobs of an owner have search rows. */
  searchState: (ownerId: string) => ({ pk: `OWNER#${ownerId}`, sk: "SEARCH" }),
  /** How many videos of an owner have a tag, by its comparable form. */
  tag: (ownerId: string, tag: string) => ({ pk: `OWNER#${ownerId}#TAGS`, sk: tag }),
  /** How far the tags of an owner's jobs are counted. */
  tagsState: (ownerId: string) => ({ pk: `OWNER#${ownerId}`, sk: "TAGS" }),
  /** Sorts a job by its length or its size. */
  measure: (id: string, by: "length" | "size") => ({ pk: `JOB#${id}`, sk: `SORT#${by}` }),
  /** How far the jobs of an owner have the rows that sort them. */
  sortState: (ownerId: string) => ({ pk: `OWNER#${ownerId}`, sk: "SORT" }),
  captions: (id: string, captions: string) => ({ pk: `JOB#${id}`, sk: `CAPTIONS#${captions}` }),
  /** What was made of a captions file beside a video, by the key of the file. */
  attached: (id: string, objectKey: string) => ({
    pk: `JOB#${id}`,
    sk: `ATTACHED#${objectKey}`,
  }),
  /** A captions file in the uploads bucket. */
  captionsFile: (bucket: string, objectKey: string) => ({
    pk: `CAPTIONSFILE#${bucket}/${objectKey}`,
    sk: "CAPTIONSFILE",
  }),
  upload: (id: string) => ({ pk: `UPLOAD#${id}`, sk: "UPLOAD" }),
  /** A digest of the owner and the client's key, which can have any form. */
  idempotency: (digest: string) => ({ pk: `IDEMPOTENCY#${digest}`, sk: "IDEMPOTENCY" }),
  claim: (bucket: string, objectKey: string, sequencer: string) => ({
    pk: `CLAIM#${bucket}/${objectKey}#${sequencer}`,
    sk: "CLAIM",
  }),
  /** The job that the object at this key belongs to now. A claim is about one write of the key. */
  source: (bucket: string, objectKey: string) => ({
    pk: `SOURCE#${bucket}/${objectKey}`,
    sk: "SOURCE",
  }),
  user: (ownerId: string) => ({ pk: `USER#${ownerId}`, sk: "USER" }),
  /** Sessions and tokens are stored under a hash, so that reading the table reveals no secret. */
  session: (hash: string) => ({ pk: `SESSION#${hash}`, sk: "SESSION" }),
  token: (hash: string) => ({ pk: `TOKEN#${hash}`, sk: "TOKEN" }),
  accessKey: (id: string) => ({ pk: `ACCESSKEY#${id}`, sk: "ACCESSKEY" }),
  share: (id: string) => ({ pk: `SHARE#${id}`, sk: "SHARE" }),
  usage: (ownerId: string) => ({ pk: `OWNER#${ownerId}`, sk: "USAGE" }),
  /** A mail address, ignoring case: whether it is on the suppression list. */
  address: (email: string) => ({ pk: `ADDRESS#${foldName(email.trim())}`, sk: "ADDRESS" }),
  audit: (time: string, id: string) => ({ pk: `AUDIT#${time.slice(0, 10)}`, sk: `${time}#${id}` }),
  deployment: (time: string, id: string) => ({ pk: "DEPLOYMENTS", sk: `${time}#${id}` }),
  /** One record per pipeline execution, even if the pipeline repeats its step. */
  deploymentClaim: (stage: string, commit: string, execution: string) => ({
    pk: `DEPLOYMENT#${stage}#${execution}`,
    sk: commit,
  }),
  /** An admin's access to another owner's data is recorded once a day. */
  looked: (ownerId: string, target: string, day: string) => ({
    pk: `LOOKED#${ownerId}#${target}`,
    sk: day,
  }),
  limit: (kind: string, of: string, window: number) => ({
    pk: `LIMIT#${kind}#${of}`,
    sk: String(window),
  }),
};
