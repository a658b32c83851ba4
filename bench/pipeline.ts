/**
 * The time that the pipeline takes before and after the encoder: from the S3 event to the encoder's
 * process, and from the end of that process (renditions not yet in the bucket) to `complete` in the
 * table that the API reads. Twenty jobs, one after the other, on the local stack with an idle encoder.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OWNER } from "../packages/testing/owner.ts";
import { startWiredServices } from "../packages/testing/services.ts";

export const name = "pipeline";

const JOBS = 20;
const TARGET_MS = 500;
/** How often the job is read. The measured times include this delay. */
const POLL_MS = 5;
const TIMEOUT_MS = 60_000;

interface Sample {
  toEncoder: number;
  toComplete: number;
}

/** Returns a table in Markdown. `runs` is how many times the twenty jobs run. */
export async function run({ runs = 1 }: { runs?: number } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-pipeline-"));
  const log = join(folder, "encoder.log");
  await writeFile(log, "");
  const clip = join(folder, "clip.mp4");
  await makeClip(clip);
  const ffmpegPath = await loggingFfmpeg(folder, log);
  const services = await startWiredServices({ ffmpegPath });
  try {
    const body = await readFile(clip);
    // The first job starts the functions, so that the measured ones find them warm.
    await oneJob("warm.mp4", body, log);
    const samples: Sample[] = [];
    for (let round = 0; round < runs; round += 1) {
      for (let job = 0; job < JOBS; job += 1) {
        samples.push(await oneJob(`clip ${round}-${job}.mp4`, body, log));
      }
    }
    return table(samples);
  } finally {
    await services.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function oneJob(key: string, body: Buffer, log: string): Promise<Sample> {
  const { s3 } = await import("../packages/core/storage.ts");
  const { PutObjectCommand } = await import("@aws-sdk/client-s3");
  const { withActor } = await import("../packages/core/actor.ts");
  const Job = await import("../packages/core/job/index.ts");
  const before = (await timesIn(log)).length;
  // Before the request, because S3's event has the time of its receipt or later.
  const sent = Date.now();
  await s3.send(new PutObjectCommand({ Bucket: "rushes-uploads", Key: key, Body: body }));
  for (const ends = Date.now() + TIMEOUT_MS; Date.now() < ends; ) {
    const { jobs } = await withActor(OWNER, () => Job.list({ limit: 1 }));
    const [job] = jobs;
    if (job?.title === key && job.status === "complete") {
      const complete = Date.now();
      const [started, ended] = (await timesIn(log)).slice(before);
      if (started === undefined || ended === undefined) throw new Error("The encoder did not run.");
      return { toEncoder: started - sent, toComplete: complete - ended };
    }
    if (job?.title === key && job.failureMessage) throw new Error(job.failureMessage);
    await sleep(POLL_MS);
  }
  throw new Error(`${key} did not end within ${TIMEOUT_MS / 1000} s.`);
}

/** An ffmpeg that logs when it starts and when it ends, in milliseconds since 1970. */
async function loggingFfmpeg(folder: string, log: string): Promise<string> {
  const path = join(folder, "ffmpeg");
  const real = process.env.FFMPEG_PATH || "ffmpeg";
  const script = [
    "#!/bin/sh",
    `date +%s%3N >> '${log}'`,
    `'${real}' "$@"`,
    "code=$?",
    `date +%s%3N >> '${log}'`,
    "exit $code",
    "",
  ];
  await writeFile(path, script.join("\n"));
  await chmod(path, 0o755);
  return path;
}

async function timesIn(log: string): Promise<number[]> {
  return (await readFile(log, "utf8")).split("\n").filter(Boolean).map(Number);
}

async function makeClip(path: string): Promise<void> {
  const child = spawn(
    process.env.FFMPEG_PATH || "ffmpeg",
    [
      ...["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=2"],
      ...["-f", "lavfi", "-i", "sine=frequency=440:duration=2"],
      ...["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac", path],
    ],
    { stdio: "inherit" },
  );
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}.`);
}

function table(samples: Sample[]): string {
  const row = (title: string, of: keyof Sample) => {
    const values = samples.map((one) => one[of]).sort((a, b) => a - b);
    const at = (percent: number) => values[Math.ceil((percent / 100) * values.length) - 1] ?? 0;
    const result = at(95) <= TARGET_MS ? "met" : "missed";
    return `| ${title} | ${at(50)} | **${at(95)}** (target ≤ ${TARGET_MS}: ${result}) |`;
  };
  return [
    "### pipeline",
    "",
    `${samples.length} jobs one after the other (2 s of 720p30), encoder idle. Milliseconds.`,
    "",
    "| | median | p95 |",
    "| --- | --- | --- |",
    row("the object is sent → the encoder's process has started", "toEncoder"),
    row("the encoder's process has ended → the job is `complete` in the API's list", "toComplete"),
  ].join("\n");
}
