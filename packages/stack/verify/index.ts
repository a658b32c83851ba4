/** Checks all data in a data folder that no process uses. Changes nothing. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseChecksummed } from "@rushes/aws-local/disk/checksummed";
import { decodeRow } from "@rushes/aws-local/level/encoding";
import { examine, salvage } from "@rushes/aws-local/level/examine";
import { verifyBuckets } from "@rushes/aws-local/s3/verify";
import { damagedMails } from "@rushes/aws-local/ses/verify";
import * as z from "zod";
import { RENDITIONS } from "../environment.ts";
import { verifyTable } from "./table.ts";

const KEY_FILES = [
  "secrets.json",
  "media/keys.json",
  "identity/keys.json",
  "identity/accounts.json",
];
const DATABASES = ["s3/rows", "events", "mediaconvert/store", "identity/rows"];

export interface Report {
  objects: number;
  bytes: number;
  jobs: number;
  rows: number;
  mails: number;
  /** What is damaged or missing, one message each. Empty for an intact folder. */
  problems: string[];
  /** Useful information that is not damage. */
  notes: string[];
}

export async function verify(
  dataDir: string,
  onBytes: (bytes: number) => void = () => {},
): Promise<Report> {
  const at = (name: string) => join(dataDir, name);
  const problems = [...(await damagedKeyFiles(dataDir))];
  let rows = 0;
  for (const name of DATABASES) {
    const checked = await checkDatabase(at(name));
    rows += checked.rows;
    problems.push(
      ...checked.problems.map((phrase) => `The database ${name} is damaged: ${phrase}.`),
    );
  }
  const buckets = await verifyBuckets(at("s3"), onBytes);
  problems.push(...buckets.problems);
  const hasTable = existsSync(at("dynamo/dynamo.db"));
  if (!hasTable && buckets.objects.size > 0) {
    problems.push("dynamo/dynamo.db is missing, and the buckets contain objects.");
  }
  const table = hasTable
    ? await verifyTable(at("dynamo"), RENDITIONS)
    : { jobs: 0, needed: [], problems: [] };
  problems.push(...table.problems);
  for (const { name, jobId } of table.needed) {
    if (buckets.objects.has(name)) continue;
    const [bucket = "", ...key] = name.split("\0");
    problems.push(`The job ${jobId} is complete, and ${key.join("\0")} is not in ${bucket}.`);
  }
  const mails = await damagedMails(at("mail"));
  problems.push(...mails.damaged.map((name) => `The mail mail/${name} is damaged.`));
  const notes = [...buckets.notes, ...(await filesKeptAside(dataDir))];
  const { objects, bytes } = buckets;
  return {
    objects: objects.size,
    bytes,
    jobs: table.jobs,
    rows,
    mails: mails.count,
    problems,
    notes,
  };
}

async function damagedKeyFiles(dataDir: string): Promise<string[]> {
  const problems: string[] = [];
  for (const name of KEY_FILES) {
    const text = await readFile(join(dataDir, name), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    try {
      parseChecksummed(text, z.looseObject({}));
    } catch {
      problems.push(`The file ${name} is damaged.`);
    }
  }
  return problems;
}

async function checkDatabase(folder: string): Promise<{ rows: number; problems: string[] }> {
  const problems = await examine(folder);
  const rows = await salvage(folder);
  let wrong = 0;
  for (const { value } of rows.values()) {
    try {
      decodeRow(value.toString("utf8"));
    } catch {
      wrong += 1;
    }
  }
  if (wrong > 0) problems.push(`${wrong} rows have a wrong checksum`);
  return { rows: rows.size, problems };
}

/** Files that earlier starts moved aside. They use space until someone deletes them. */
async function filesKeptAside(dataDir: string): Promise<string[]> {
  const notes: string[] = [];
  for (const folder of [".", "s3", "mediaconvert", "identity", "dynamo"]) {
    for (const name of await readdir(join(dataDir, folder)).catch(() => [])) {
      if (!name.includes(".damaged-")) continue;
      notes.push(`${join(folder, name)} was damaged and is kept. Delete it if nothing is missing.`);
    }
  }
  const days = await readdir(join(dataDir, "s3/quarantine")).catch(() => []);
  if (days.length > 0) {
    notes.push(
      "s3/quarantine contains files that belong to no object. They are deleted after seven days.",
    );
  }
  return notes;
}
