/** Checks the table of jobs on a copy, because opening a database changes it. */
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inspect } from "@rushes/aws-local/dynamodb/check";
import { isSealBroken } from "@rushes/aws-local/dynamodb/seal";
import { walDamage } from "@rushes/aws-local/dynamodb/wal";
import * as z from "zod";

/** An object that a job needs, as `bucket\0key`, and the job for the message. */
export interface Needed {
  name: string;
  jobId: string;
}

const Text = z.object({ S: z.string() });
const Number_ = z.object({ N: z.string() });
const Item = z.looseObject({ pk: Text, sk: Text });
const Job = z.object({
  id: Text,
  status: Text,
  attempt: Number_,
  source: z.object({ M: z.looseObject({ bucket: Text, key: Text }) }),
});
const Rendition = z.object({ key: Text, attempt: Number_ });

export interface Verified {
  jobs: number;
  /** The sources and renditions of complete jobs. */
  needed: Needed[];
  problems: string[];
}

export async function verifyTable(dataDir: string, renditions: string): Promise<Verified> {
  const file = join(dataDir, "dynamo.db");
  const wal = await readFile(`${file}-wal`).catch(() => undefined);
  const problems: string[] = [];
  const torn = wal && walDamage(wal);
  if (torn) problems.push(`${file}-wal is damaged at byte ${torn.offset}.`);
  if ((wal?.length ?? 0) === 0 && (await isSealBroken(file))) {
    problems.push(`${file} has changed since Rushes stopped.`);
  }
  const folder = await mkdtemp(join(tmpdir(), "rushes-verify-"));
  try {
    const copy = join(folder, "dynamo.db");
    await copyFile(file, copy);
    if (wal) await copyFile(`${file}-wal`, `${copy}-wal`);
    problems.push(...inspect(copy, "full").map((phrase) => `${file} is damaged: ${phrase}.`));
    if (problems.length > 0) return { jobs: 0, needed: [], problems };
    return { ...neededOf(copy, renditions), problems };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function neededOf(file: string, renditions: string): Pick<Verified, "jobs" | "needed"> {
  const database = new DatabaseSync(file);
  try {
    const items = database
      .prepare("SELECT item_json FROM rushes")
      .all()
      .map((row) => Item.parse(JSON.parse(String(row.item_json))));
    const complete = new Map<string, string>();
    const needed: Needed[] = [];
    let jobs = 0;
    for (const item of items) {
      const job = item.sk.S === "JOB" ? Job.safeParse(item).data : undefined;
      if (!job) continue;
      jobs += 1;
      if (job.status.S !== "complete") continue;
      complete.set(item.pk.S, job.attempt.N);
      const { bucket, key } = job.source.M;
      needed.push({ name: `${bucket.S}\0${key.S}`, jobId: job.id.S });
    }
    for (const item of items) {
      const made = item.sk.S.startsWith("REND#") ? Rendition.safeParse(item).data : undefined;
      if (!made || complete.get(item.pk.S) !== made.attempt.N) continue;
      needed.push({ name: `${renditions}\0${made.key.S}`, jobId: item.pk.S.replace("JOB#", "") });
    }
    return { jobs, needed };
  } finally {
    database.close();
  }
}
