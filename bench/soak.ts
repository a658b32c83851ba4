/**
 * The crash-recovery soak test: kills the local stack with SIGKILL in the middle of real work, many
 * times, and then counts. `npm run soak -- --rounds 50 --seed 1`. At the end it requires:
 *
 * - every acknowledged upload has exactly one job, and its object is complete;
 * - every job has ended, and no attempt was submitted to the encoder twice;
 * - the data folder passes `npm run verify`;
 * - every ended job has its mail. Duplicate mails are counted, not forbidden: a mail is sent twice if the
 *   process died between the mail service's response and the write that records it.
 */
import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { MediaConvertClient, paginateListJobs } from "@aws-sdk/client-mediaconvert";
import * as z from "zod";
import { verify } from "../packages/stack/verify/index.ts";
import { type StackProcess, spawnStack } from "../packages/testing/process.ts";
import { random } from "../packages/testing/random.ts";

const SETTLE_MS = 300_000;

const Created = z.object({
  results: z.array(
    z.object({
      upload: z.object({ id: z.string() }),
      requests: z.array(
        z.object({
          url: z.string(),
          headers: z.record(z.string(), z.string()),
          sizeBytes: z.number(),
        }),
      ),
    }),
  ),
});
const Jobs = z.object({
  jobs: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      attempt: z.number(),
      uploadId: z.string().optional(),
      fileName: z.string(),
      landed: z.array(z.string()),
    }),
  ),
  cursor: z.string().optional(),
});
type Job = z.infer<typeof Jobs>["jobs"][number];
const Mails = z.array(z.object({ subject: z.string(), text: z.string().optional() }).loose());

export interface Report {
  rounds: number;
  seed: number;
  acknowledged: number;
  jobs: number;
  mails: number;
  mailsTwice: number;
  /** A sentence for each violated guarantee. A release needs an empty list. */
  broken: string[];
}

/** Two clips: one for a single PUT, and one padded with a `free` box so that it is uploaded in parts. */
async function clips(folder: string): Promise<{ name: string; bytes: Buffer<ArrayBuffer> }[]> {
  const path = join(folder, "clip.mp4");
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=128x72:rate=15:duration=1"];
  const tone = ["-f", "lavfi", "-i", "sine=duration=1"];
  const encoding = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"];
  await promisify(execFile)(process.env.FFMPEG_PATH ?? "ffmpeg", [
    "-v",
    "error",
    ...picture,
    ...tone,
    ...encoding,
    "-movflags",
    "+faststart",
    "-y",
    path,
  ]);
  const small = await readFile(path);
  const padding = Buffer.alloc(33 * 1024 * 1024);
  padding.writeUInt32BE(padding.length, 0);
  padding.write("free", 4, "latin1");
  return [
    { name: "small clip.mp4", bytes: Buffer.concat([small]) },
    { name: "large clip.mp4", bytes: Buffer.concat([small, padding]) },
  ];
}

async function post(stack: StackProcess, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(new URL(path, stack.dashboard), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: stack.dashboard,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} returned ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Uploads a file as the browser does. Calls `acknowledged` when the service has confirmed the upload. */
async function upload(
  stack: StackProcess,
  file: { name: string; bytes: Buffer<ArrayBuffer> },
  acknowledged: (uploadId: string) => void,
): Promise<void> {
  const made = Created.parse(
    await post(stack, "/api/uploads", {
      files: [{ name: file.name, sizeBytes: file.bytes.length, contentType: "video/mp4" }],
    }),
  ).results[0];
  if (!made) throw new Error("No upload was created.");
  let offset = 0;
  for (const request of made.requests) {
    const body = file.bytes.subarray(offset, offset + request.sizeBytes);
    offset += request.sizeBytes;
    const headers = new Headers(request.headers);
    headers.delete("content-length");
    headers.delete("host");
    const answer = await fetch(request.url, { method: "PUT", headers, body });
    if (!answer.ok) throw new Error(`S3 returned ${answer.status}: ${await answer.text()}`);
  }
  if (made.requests.length === 1) acknowledged(made.upload.id);
  await post(stack, `/api/uploads/${made.upload.id}/complete`);
  acknowledged(made.upload.id);
}

async function allJobs(stack: StackProcess): Promise<Job[]> {
  const jobs: Job[] = [];
  let cursor: string | undefined;
  do {
    const url = new URL("/api/jobs?limit=100", stack.dashboard);
    if (cursor) url.searchParams.set("cursor", cursor);
    const page = Jobs.parse(await (await fetch(url)).json());
    jobs.push(...page.jobs);
    cursor = page.cursor;
  } while (cursor);
  return jobs;
}

const mailsOf = async (stack: StackProcess) =>
  Mails.parse(await (await fetch(new URL("/inbox.json", stack.inbox))).json());

const mentions = (mail: unknown, jobId: string) => JSON.stringify(mail).includes(jobId);

/** Waits until every acknowledged upload has a job, and every job has ended and has its mail. */
async function settle(stack: StackProcess, acknowledged: Set<string>): Promise<void> {
  const ends = Date.now() + SETTLE_MS;
  while (Date.now() < ends) {
    const [jobs, mails] = await Promise.all([allJobs(stack), mailsOf(stack)]);
    const uploads = new Set(jobs.map((job) => job.uploadId));
    const all = [...acknowledged].every((id) => uploads.has(id));
    const ended = jobs.every((job) => ["complete", "error", "rejected"].includes(job.status));
    const mailed = jobs.every((job) => mails.some((mail) => mentions(mail, job.id)));
    if (all && ended && mailed) return;
    await new Promise((done) => setTimeout(done, 500));
  }
}

async function check(
  stack: StackProcess,
  acknowledged: Set<string>,
  report: Report,
): Promise<void> {
  const [jobs, mails] = await Promise.all([allJobs(stack), mailsOf(stack)]);
  report.jobs = jobs.length;
  report.mails = mails.length;
  const fail = (sentence: string) => report.broken.push(sentence);
  if (acknowledged.size === 0) fail("No upload was acknowledged, so this run has tested nothing.");
  for (const id of acknowledged) {
    const count = jobs.filter((job) => job.uploadId === id).length;
    if (count !== 1) fail(`Upload ${id} was acknowledged and has ${count} jobs.`);
  }
  const perUpload = new Map<string, number>();
  for (const job of jobs) {
    if (job.uploadId) perUpload.set(job.uploadId, (perUpload.get(job.uploadId) ?? 0) + 1);
    if (job.status !== "complete") fail(`Job ${job.id} (${job.fileName}) is ${job.status}.`);
    else if (job.landed.length !== 4)
      fail(`Job ${job.id} is complete with ${job.landed.length} of 4 files.`);
    const count = mails.filter((mail) => mentions(mail, job.id)).length;
    if (count === 0) fail(`Job ${job.id} ended without a mail.`);
    if (count > 1) report.mailsTwice += 1;
  }
  for (const [id, count] of perUpload) {
    if (count > 1) fail(`Upload ${id} has ${count} jobs.`);
  }
  const client = new MediaConvertClient({
    endpoint: stack.env.AWS_ENDPOINT_URL_MEDIACONVERT,
    region: stack.env.AWS_REGION,
    credentials: {
      accessKeyId: stack.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: stack.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  const submitted = new Map<string, number>();
  for await (const page of paginateListJobs({ client }, { MaxResults: 20 })) {
    for (const job of page.Jobs ?? []) {
      const of = `Job ${job.UserMetadata?.jobId}, attempt ${job.UserMetadata?.attempt}`;
      submitted.set(of, (submitted.get(of) ?? 0) + 1);
    }
  }
  for (const [of, count] of submitted) {
    if (count > 1) fail(`${of} was submitted to the encoder ${count} times.`);
  }
}

/**
 * Kills the stack `rounds` times at random moments, then starts it once more, waits, and checks. In every second round,
 * the moment is after the first acknowledged upload.
 */
export async function soak(options: {
  rounds: number;
  seed?: number;
  log?: (line: string) => void;
}): Promise<Report> {
  const seed = options.seed ?? randomBytes(4).readUInt32BE();
  const next = random(seed);
  const log = options.log ?? (() => {});
  const folder = await mkdtemp(join(tmpdir(), `rushes-soak-${randomUUID().slice(0, 8)}-`));
  const dataDir = join(folder, "data");
  let stack: StackProcess | undefined;
  const acknowledged = new Set<string>();
  const report: Report = {
    rounds: options.rounds,
    seed,
    acknowledged: 0,
    jobs: 0,
    mails: 0,
    mailsTwice: 0,
    broken: [],
  };
  try {
    const files = await clips(folder);
    for (let round = 1; round <= options.rounds; round += 1) {
      const running = await spawnStack({ dataDir });
      stack = running;
      const begun = Promise.withResolvers<void>();
      const acknowledge = (id: string) => {
        acknowledged.add(id);
        begun.resolve();
      };
      const work = Promise.allSettled(files.map((file) => upload(running, file, acknowledge)));
      // Otherwise a busy machine could kill the stack before it has acknowledged any upload, in each round.
      if (round % 2 === 0) await Promise.race([begun.promise, work]);
      const after = Math.round(next() * 3_000);
      const target = next() < 0.5 ? "group" : "main process";
      await new Promise((done) => setTimeout(done, after));
      await running.kill(target);
      await work;
      log(
        `round ${round}: killed the ${target} after ${after} ms; ${acknowledged.size} uploads acknowledged`,
      );
    }
    stack = await spawnStack({ dataDir });
    await settle(stack, acknowledged);
    await check(stack, acknowledged, report);
    report.acknowledged = acknowledged.size;
    await stack.stop();
    const { problems } = await verify(dataDir);
    report.broken.push(...problems);
  } finally {
    await stack?.kill("group").catch(() => {});
    if (report.broken.length === 0) await rm(folder, { recursive: true, force: true });
    else await writeFile(join(folder, "report.json"), JSON.stringify(report, null, 2));
  }
  return report;
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: "50" }, seed: { type: "string" } },
  });
  const report = await soak({
    rounds: Number(values.rounds),
    seed: values.seed === undefined ? undefined : Number(values.seed),
    log: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.broken.length === 0 ? 0 : 1;
}
