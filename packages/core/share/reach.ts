import { type Row as Job, read as readJob } from "../job/row.ts";
import { read as readUser } from "../user/row.ts";
import { idOf } from "./address.ts";
import { hasEnded, type Row, read } from "./row.ts";

/** The share with this address, until it expires. */
export async function alive(address: string, now: number): Promise<Row | undefined> {
  const id = idOf(address);
  const share = id && (await read(id));
  return share && !hasEnded(share, now) ? share : undefined;
}

/** The same with its video. A deleted video and a disabled owner end it too; it works again once the owner is enabled. */
export async function reach(
  address: string,
  now: number,
): Promise<{ share: Row; job: Job } | undefined> {
  const share = await alive(address, now);
  if (!share) return undefined;
  const [job, owner] = await Promise.all([readJob(share.jobId), readUser(share.ownerId)]);
  return job && job.status !== "deleted" && !owner?.disabled ? { share, job } : undefined;
}
