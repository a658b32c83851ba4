/**
 * Pulls the plug on the whole one-machine home, again and again, in the middle of real work, and then
 * counts. `npm run soak -- --rounds 50 --seed 1`. What must hold at the end:
 *
 * - every acknowledged upload has exactly one job, and its object is whole;
 * - every job ended; no job was submitted to the encoder twice for one attempt;
 * - everything in the data folder is as it was stored, as `npm run verify` checks it;
 * - every ended job has its mail. Mails sent twice are counted: one doubles only if the process died
 *   between the mail service's answer and our record of it.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { MediaConvertClient, paginateListJobs } from "@aws-sdk/client-mediaconvert";
import * as z from "zod";
import { verify } from "../packages/stack/verify/index.ts";

const ROOT = resolve(import.meta.dirname, "..");
const READY_MS = 60_000;
const SETTLE_MS = 300_000;

const Run = z.object({
  env: z.record(z.string(), z.string()),
  addresses: z.object({ dashboard: z.url(), inbox: z.url() }),
});
type Run = z.infer<typeof Run>;

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
  /** Broken promises, each a sentence. Empty is what a release needs. */
  broken: string[];
}

/** mulberry32: a small generator, so that a round can be run again by its seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Two clips: one that goes in a single PUT, and one padded by a `free` box so that it goes in parts. */
async function clips(folder: string): Promise<{ name: string; bytes: Buffer<ArrayBuffer> }[]> {
  const path = join(folder, "clip.mp4");
  await promisify(execFile)(process.env.FFMPEG_PATH ?? "ffmpeg", [
    ...["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=128x72:rate=15:duration=1"],
    ...[
      "-f",
      "lavfi",
      "-i",
      "sine=duration=1",
      "-c:v",
      "libx264",
      "-pix_fmt",
      "yuv420p",
      "-c:a",
      "aac",
    ],
    ...["-movflags", "+faststart", "-y", path],
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

class Home {
  private child: ChildProcess | undefined;
  private readonly data: string;
  constructor(data: string) {
    this.data = data;
  }

  async start(): Promise<Run> {
    const file = join(this.data, "run.json");
    await rm(file, { force: true });
    const child = spawn(process.execPath, [join(ROOT, "packages/stack/main.ts")], {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, RUSHES_DATA_DIR: this.data },
    });
    this.child = child;
    let said = "";
    child.stdout?.on("data", (chunk) => (said += chunk));
    child.stderr?.on("data", (chunk) => (said += chunk));
    const ends = Date.now() + READY_MS;
    while (Date.now() < ends) {
      if (child.exitCode !== null) throw new Error(`The home did not start:\n${said}`);
      const run = await readFile(file, "utf8")
        .then((text) => Run.parse(JSON.parse(text)))
        .catch(() => undefined);
      if (run) {
        const health = await fetch(new URL("/api/health", run.addresses.dashboard)).catch(
          () => undefined,
        );
        if (health?.ok) return run;
      }
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`The home was not ready in ${READY_MS / 1000} s:\n${said}`);
  }

  /** SIGKILL, to the whole group or to the main process alone, whose children must then go by themselves. */
  async kill(group: boolean): Promise<void> {
    const child = this.child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("close", done));
    process.kill(group ? -child.pid : child.pid, "SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("close", done));
    child.kill("SIGTERM");
    await gone;
  }
}

async function post(run: Run, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(new URL(path, run.addresses.dashboard), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: new URL(run.addresses.dashboard).origin,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** One upload as the browser does it. Calls `acknowledged` once the service has promised to keep it. */
async function upload(
  run: Run,
  file: { name: string; bytes: Buffer<ArrayBuffer> },
  acknowledged: (uploadId: string) => void,
): Promise<void> {
  const made = Created.parse(
    await post(run, "/api/uploads", {
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
    if (!answer.ok) throw new Error(`S3 answered ${answer.status}: ${await answer.text()}`);
  }
  if (made.requests.length === 1) acknowledged(made.upload.id);
  await post(run, `/api/uploads/${made.upload.id}/complete`);
  acknowledged(made.upload.id);
}

async function allJobs(run: Run): Promise<Job[]> {
  const jobs: Job[] = [];
  let cursor: string | undefined;
  do {
    const url = new URL("/api/jobs?limit=100", run.addresses.dashboard);
    if (cursor) url.searchParams.set("cursor", cursor);
    const page = Jobs.parse(await (await fetch(url)).json());
    jobs.push(...page.jobs);
    cursor = page.cursor;
  } while (cursor);
  return jobs;
}

const mailsOf = async (run: Run) =>
  Mails.parse(await (await fetch(new URL("/inbox.json", run.addresses.inbox))).json());

const mentions = (mail: unknown, jobId: string) => JSON.stringify(mail).includes(jobId);

/** Waits until every acknowledged upload has a job, every job has ended and every end has its mail. */
async function settle(run: Run, acknowledged: Set<string>): Promise<void> {
  const ends = Date.now() + SETTLE_MS;
  while (Date.now() < ends) {
    const [jobs, mails] = await Promise.all([allJobs(run), mailsOf(run)]);
    const uploads = new Set(jobs.map((job) => job.uploadId));
    const all = [...acknowledged].every((id) => uploads.has(id));
    const ended = jobs.every((job) => ["complete", "error", "rejected"].includes(job.status));
    const told = jobs.every((job) => mails.some((mail) => mentions(mail, job.id)));
    if (all && ended && told) return;
    await new Promise((done) => setTimeout(done, 500));
  }
}

async function judge(run: Run, acknowledged: Set<string>, report: Report): Promise<void> {
  const [jobs, mails] = await Promise.all([allJobs(run), mailsOf(run)]);
  report.jobs = jobs.length;
  report.mails = mails.length;
  const break_ = (sentence: string) => report.broken.push(sentence);
  for (const id of acknowledged) {
    const count = jobs.filter((job) => job.uploadId === id).length;
    if (count !== 1) break_(`Upload ${id} was acknowledged and has ${count} jobs.`);
  }
  const perUpload = new Map<string, number>();
  for (const job of jobs) {
    if (job.uploadId) perUpload.set(job.uploadId, (perUpload.get(job.uploadId) ?? 0) + 1);
    if (job.status !== "complete") break_(`Job ${job.id} (${job.fileName}) is ${job.status}.`);
    else if (job.landed.length !== 4)
      break_(`Job ${job.id} is complete with ${job.landed.length} of 4 files.`);
    const told = mails.filter((mail) => mentions(mail, job.id)).length;
    if (told === 0) break_(`Job ${job.id} ended without a mail.`);
    if (told > 1) report.mailsTwice += 1;
  }
  for (const [id, count] of perUpload) {
    if (count > 1) break_(`Upload ${id} has ${count} jobs.`);
  }
  const client = new MediaConvertClient({
    endpoint: run.env.AWS_ENDPOINT_URL_MEDIACONVERT,
    region: run.env.AWS_REGION,
    credentials: {
      accessKeyId: run.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: run.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });
  const submitted = new Map<string, number>();
  for await (const page of paginateListJobs({ client }, { MaxResults: 20 })) {
    for (const job of page.Jobs ?? []) {
      const of = `${job.UserMetadata?.jobId}, attempt ${job.UserMetadata?.attempt}`;
      submitted.set(of, (submitted.get(of) ?? 0) + 1);
    }
  }
  for (const [of, count] of submitted) {
    if (count > 1) break_(`The encoder was given job ${of} ${count} times.`);
  }
}

/** Runs the soak: `rounds` kills at random moments, then a quiet start, a wait and the counting. */
export async function soak(options: {
  rounds: number;
  seed?: number;
  log?: (line: string) => void;
}): Promise<Report> {
  const seed = options.seed ?? randomBytes(4).readUInt32BE();
  const next = random(seed);
  const log = options.log ?? (() => {});
  const folder = await mkdtemp(join(tmpdir(), `rushes-soak-${randomUUID().slice(0, 8)}-`));
  const home = new Home(join(folder, "data"));
  const acknowledged = new Set<string>();
  const report: Report = {
    ...{ rounds: options.rounds, seed, acknowledged: 0, jobs: 0, mails: 0, mailsTwice: 0 },
    broken: [],
  };
  try {
    const files = await clips(folder);
    for (let round = 1; round <= options.rounds; round += 1) {
      const run = await home.start();
      const work = Promise.allSettled(
        files.map((file) => upload(run, file, (id) => acknowledged.add(id))),
      );
      const after = Math.round(next() * 3_000);
      const group = next() < 0.5;
      await new Promise((done) => setTimeout(done, after));
      await home.kill(group);
      await work;
      log(
        `round ${round}: killed ${group ? "the group" : "the main process"} after ${after} ms; ${acknowledged.size} uploads acknowledged`,
      );
    }
    const run = await home.start();
    await settle(run, acknowledged);
    await judge(run, acknowledged, report);
    report.acknowledged = acknowledged.size;
    await home.stop();
    const { problems } = await verify(join(folder, "data"));
    report.broken.push(...problems);
  } finally {
    await home.kill(true).catch(() => {});
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
