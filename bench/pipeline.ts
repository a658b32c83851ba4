/**
 * How long the pipeline itself takes around the encoder: from S3's event to the encoder's process, and
 * from the end of that process (renditions not yet in the bucket) to `complete` in what the API
 * answers from. Twenty jobs, one by one, on the whole cloud of one machine with an idle encoder.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openData } from "../packages/stack/data.ts";
import { localOrigin } from "../packages/stack/origin.ts";
import { choosePorts } from "../packages/stack/ports.ts";
import { startServices } from "../packages/stack/services.ts";
import { parseSettings, type SettingName } from "../packages/stack/settings/index.ts";
import { OWNER } from "../packages/testing/owner.ts";

export const name = "pipeline";

const ROOT = resolve(import.meta.dirname, "..");
const HOST = "127.0.0.1";
const JOBS = 20;
const TARGET_MS = 500;
/** How often the API's answer is looked at; it is counted against us. */
const POLL_MS = 5;
const PATIENCE_MS = 60_000;

interface Sample {
  toEncoder: number;
  toComplete: number;
}

/** Returns a table in markdown. `runs` is how often the twenty jobs are done. */
export async function run({ runs = 1 }: { runs?: number } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-pipeline-"));
  const log = join(folder, "encoder.log");
  await writeFile(log, "");
  const clip = join(folder, "clip.mp4");
  await makeClip(clip);
  const ffmpegPath = await clocked(folder, log);
  const settings = {
    ...parseSettings(ROOT, { RUSHES_DATA_DIR: join(folder, "data") }),
    ffmpegPath,
  };
  const data = await openData(settings.dataDir);
  const any = (setting: SettingName, usual: number) => ({
    ...{ setting, usual, fixed: undefined },
  });
  const ports = await choosePorts(HOST, {
    web: any("RUSHES_PORT", 3000),
    mail: any("RUSHES_MAIL_PORT", 3001),
    s3: any("RUSHES_S3_PORT", 3002),
    media: any("RUSHES_MEDIA_PORT", 3003),
  });
  const origin = localOrigin(HOST, ports.web, data);
  const cloud = await startServices({ settings, data, origin, root: ROOT, host: HOST, ports });
  try {
    Object.assign(process.env, cloud.env);
    const body = await readFile(clip);
    // The first warms the functions up, as the second video of a day finds them.
    await oneJob("warm.mp4", body, log);
    const samples: Sample[] = [];
    for (let round = 0; round < runs; round += 1) {
      for (let job = 0; job < JOBS; job += 1) {
        samples.push(await oneJob(`clip ${round}-${job}.mp4`, body, log));
      }
    }
    return table(samples);
  } finally {
    await cloud.stop();
    await data.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function oneJob(key: string, body: Buffer, log: string): Promise<Sample> {
  const { s3 } = await import("../packages/core/storage.ts");
  const { PutObjectCommand } = await import("@aws-sdk/client-s3");
  const { withActor } = await import("../packages/core/actor.ts");
  const Job = await import("../packages/core/job/index.ts");
  const before = (await moments(log)).length;
  // Before the request: S3's event carries the time at which it was received, or later.
  const sent = Date.now();
  await s3.send(new PutObjectCommand({ Bucket: "rushes-uploads", Key: key, Body: body }));
  for (const ends = Date.now() + PATIENCE_MS; Date.now() < ends; ) {
    const { jobs } = await withActor(OWNER, () => Job.list({ limit: 1 }));
    const [job] = jobs;
    if (job?.title === key && job.status === "complete") {
      const complete = Date.now();
      const [started, ended] = (await moments(log)).slice(before);
      if (started === undefined || ended === undefined) throw new Error("The encoder did not run.");
      return { toEncoder: started - sent, toComplete: complete - ended };
    }
    if (job?.title === key && job.failureMessage) throw new Error(job.failureMessage);
    await sleep(POLL_MS);
  }
  throw new Error(`${key} did not end within ${PATIENCE_MS / 1000} s.`);
}

/** An ffmpeg that writes down when it started and when it ended, in milliseconds since 1970. */
async function clocked(folder: string, log: string): Promise<string> {
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

async function moments(log: string): Promise<number[]> {
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
    const verdict = at(95) <= TARGET_MS ? "met" : "missed";
    return `| ${title} | ${at(50)} | **${at(95)}** (target ≤ ${TARGET_MS}: ${verdict}) |`;
  };
  return [
    "### pipeline",
    "",
    `${samples.length} jobs one by one (2 s of 720p30), encoder idle. Milliseconds.`,
    "",
    "| | median | p95 |",
    "| --- | --- | --- |",
    row("the object is sent → the encoder's process has started", "toEncoder"),
    row("the encoder's process has ended → the job is `complete` in the API's list", "toComplete"),
  ].join("\n");
}
