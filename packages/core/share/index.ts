import * as Actor from "../actor.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error.ts";
import { networkOf } from "../http/network.ts";
import * as Id from "../id.ts";
import { requireReachable } from "../job/reach.ts";
import { requireExisting } from "../job/row.ts";
import * as Limit from "../limit/index.ts";
import { request } from "../request.ts";
import { isSame, macOf } from "../secret.ts";
import * as Table from "../table/index.ts";
import { opened } from "./opened.ts";
import { pagesOf } from "./pages.ts";
import * as Password from "./password.ts";
import { alive, reach } from "./reach.ts";
import { hasEnded, ofJob, type Row, read } from "./row.ts";
import type { Info, New, Opened } from "./schema.ts";

export { preview } from "./preview.ts";
export { Info, New, Opened, type Preview } from "./schema.ts";

/** More than anyone can keep track of, and few enough to read at once for a list or a deleted job. */
const MOST = 50;
const HOUR_MS = 3_600_000;

/**
 * Creates a share of one of the caller's videos. Throws `job.not_found` and `share.too_many`. That count reads an index, so simultaneous calls may exceed the maximum by a few.
 */
export async function create(input: { jobId: Id.JobId; now?: number } & New): Promise<Info> {
  const job = await requireReachable(input.jobId, "share");
  const now = input.now ?? Date.now();
  const shares = await ofJob(job.id);
  if (shares.filter((share) => !hasEnded(share, now)).length >= MOST) {
    const message = `This video has the maximum of ${MOST} share links. Revoke one first.`;
    throw new VisibleError("conflict", "share.too_many", message);
  }
  const { expiresInHours: hours, password } = input;
  const ends = hours === undefined ? undefined : now + hours * HOUR_MS;
  const id = Id.create.share(now);
  const row: Row = {
    id,
    jobId: job.id,
    ownerId: job.ownerId,
    origins: [...new Set(input.origins)],
    allowsOriginal: input.allowsOriginal ?? false,
    allowsDownloads: input.allowsDownloads ?? false,
    allowsPreview: (input.allowsPreview ?? false) && password === undefined,
    password: password === undefined ? undefined : await Password.hash(password),
    time: {
      created: new Date(now).toISOString(),
      expires: ends === undefined ? undefined : new Date(ends).toISOString(),
    },
  };
  const stored = { ...Table.key.share(id), ...row, ...Table.index.jobShares(job.id, id) };
  const ttl = ends === undefined ? {} : { ttl: Math.ceil(ends / 1000) };
  const made = await Table.transact([
    requireExisting(job.id),
    Table.put({ ...stored, ...ttl }, "attribute_not_exists(pk)"),
    Audit.write({ action: "share.created", target: id, detail: detailOf(row) }),
  ]);
  // The job was deleted while the password was hashed. The next call throws.
  return made ? serialize(row) : create(input);
}

/** The valid shares of one of the caller's videos, newest first. Throws `job.not_found`. */
export async function list(jobId: Id.JobId, now = Date.now()): Promise<Info[]> {
  await requireReachable(jobId, "share", "manage");
  const shares = await ofJob(jobId);
  return shares
    .filter((share) => !hasEnded(share, now))
    .reverse()
    .map(serialize);
}

/**
 * Revokes a share. Its address stops working at once, and signed URLs expire within a minute. Throws `share.not_found`,
 * for another owner's share exactly as for a missing one.
 */
export async function remove(id: Id.ShareId): Promise<void> {
  const actor = Actor.owner("share", "manage");
  const share = await read(id);
  if (!share || !Actor.reaches(actor, share.ownerId)) {
    throw new VisibleError("not_found", "share.not_found", "There is no such share.");
  }
  await Table.removeAll([Table.key.share(id)]);
  await Audit.record({ action: "share.revoked", target: id, detail: detailOf(share) });
}

/**
 * Opens a share, for anyone who has its address. Throws `share.not_found` for every invalid address, whatever the
 * reason, `share.password` if the password is missing or wrong, and `rate.limited` after too many guesses.
 */
export async function open(input: {
  address: string;
  password?: string | undefined;
  /** The `pass` of an earlier response, which replaces the password. */
  pass?: string | undefined;
  now?: number;
}): Promise<Opened> {
  const now = input.now ?? Date.now();
  const found = await reach(input.address, now);
  if (!found) throw notFound();
  const { share, job } = found;
  if (!share.password) return opened(job, share, now);
  const pass = passOf(share.id, share.password);
  if (!isSame(input.pass ?? "", pass)) await check(share, share.password, input.password, now);
  return { ...(await opened(job, share, now)), pass };
}

/** Origins whose pages may frame the player of this address. Empty for an invalid address. */
export async function framesOf(address: string, now = Date.now()): Promise<string[]> {
  return (await alive(address, now))?.origins ?? [];
}

/** Proves that a visitor knew the password of this share. It is useless once the share is gone. */
function passOf(id: Id.ShareId, hashed: Password.Hashed): string {
  return macOf("share-pass", `${id} ${hashed.hash}`);
}

/** Wrong passwords from one network. */
const GUESSES = { max: 20, windowSeconds: 600 };
/**
 * From all networks. Once these are used up, each network has its own limit, so that nobody can lock a link for others.
 */
const ALL_GUESSES = { max: 1000, windowSeconds: 3600 };
const LATE_GUESSES = { max: 3, windowSeconds: 3600 };

async function check(
  share: Row,
  hashed: Password.Hashed,
  given: string | undefined,
  now: number,
): Promise<void> {
  if (given === undefined) throw wrong("This video requires a password.");
  const from = networkOf(request()?.address ?? "");
  const kind = "share-password";
  // Taken before the password is checked, so that simultaneous guesses count too.
  const guess = { kind, of: `${share.id} ${from}`, ...GUESSES, now } as const;
  await Limit.take(guess);
  const all = { kind, of: share.id, ...ALL_GUESSES, now } as const;
  const late = { kind, of: `${share.id} ${from} late`, ...LATE_GUESSES, now } as const;
  const isOpen = await Limit.tryTake(all);
  if (!isOpen) await Limit.take(late);
  if (!(await Password.matches(given, hashed))) throw wrong("The password is incorrect.");
  await Promise.all([guess, isOpen ? all : late].map(Limit.giveBack));
}

/** The audit log's detail of a share. An admin may create and revoke shares of another owner's video. */
const detailOf = ({ jobId, ownerId }: Row) => ({ jobId, owner: ownerId });

function notFound(): VisibleError {
  const message = "This link has expired, was revoked, or is incomplete.";
  return new VisibleError("not_found", "share.not_found", message);
}

function wrong(message: string): VisibleError {
  return new VisibleError("auth", "share.password", message);
}

function serialize(row: Row): Info {
  const { id, jobId, origins, allowsOriginal, allowsDownloads, allowsPreview, time } = row;
  return {
    id,
    jobId,
    ...pagesOf(row),
    hasPassword: row.password !== undefined,
    origins,
    allowsOriginal,
    allowsDownloads,
    allowsPreview,
    time,
  };
}
