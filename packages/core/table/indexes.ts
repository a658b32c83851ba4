/** As many as the largest safe integer has. */
const MEASURE_DIGITS = 16;

/** The attributes of every index. A row without them is not in that index. */
export const index = {
  ownerJobs: (ownerId: string, id: string) => ({
    ownerPk: `OWNER#${ownerId}#JOB`,
    ownerSk: id,
  }),
  ownerUploads: (ownerId: string, status: string, id: string) => ({
    ownerPk: `OWNER#${ownerId}#UPLOAD#${status}`,
    ownerSk: id,
  }),
  users: (email: string, ownerId: string) => ({
    ownerPk: "USERS",
    ownerSk: `${foldName(email)}#${ownerId}`,
  }),
  ownerSessions: (ownerId: string, created: string, hash: string) => ({
    ownerPk: `OWNER#${ownerId}#SESSION`,
    ownerSk: `${created}#${hash}`,
  }),
  ownerTokens: (ownerId: string, id: string) => ({
    ownerPk: `OWNER#${ownerId}#TOKEN`,
    ownerSk: id,
  }),
  /** All access keys. A stack has few, and only the local one has any. */
  accessKeys: (created: string, id: string) => ({
    ownerPk: "ACCESSKEYS",
    ownerSk: `${created}#${id}`,
  }),
  jobShares: (jobId: string, id: string) => ({ ownerPk: `JOB#${jobId}#SHARE`, ownerSk: id }),
  status: (ownerId: string, status: string, id: string) => ({
    statusPk: `OWNER#${ownerId}#STATUS#${status}`,
    statusSk: id,
  }),
  name: (ownerId: string, title: string, id: string) => ({
    namePk: `OWNER#${ownerId}#NAME`,
    nameSk: `${foldName(title)}#${id}`,
  }),
  /** In the index `name`, because each is a row of its own that only needs an order. */
  measure: (ownerId: string, by: "length" | "size", value: number, id: string) => ({
    namePk: `OWNER#${ownerId}#${by.toUpperCase()}`,
    nameSk: `${String(value).padStart(MEASURE_DIGITS, "0")}#${id}`,
  }),
  changed: (ownerId: string, time: string, id: string) => ({
    changedPk: `OWNER#${ownerId}#CHANGED`,
    changedSk: `${time}#${id}`,
  }),
  due: (kind: Due, id: string, time: string) => ({
    duePk: `DUE#${kind}#${shard(id)}`,
    dueSk: `${time}#${id}`,
  }),
};

/** The kinds of rows that reconcile checks. */
export type Due = "job" | "upload" | "tombstone" | "notice" | "search" | "sort";
export const SHARDS = 8;

/** Spreads the due rows of one kind over several partitions, so that none becomes hot. */
export function shard(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % SHARDS;
}

/** Ignores case and how accents are composed, so that a search finds a name either way. */
export function foldName(title: string): string {
  return title.normalize("NFC").toLowerCase();
}
