import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseMedia } from "../packages/aws-local/mediaconvert/media.ts";
import { parseCreateJob } from "../packages/aws-local/mediaconvert/schema.ts";
import { translate } from "../packages/aws-local/mediaconvert/translate/command.ts";
import { toWire } from "../packages/aws-local/mediaconvert/wire-json.ts";
import { PRESETS } from "../packages/core/rendition/preset.ts";
import { clip, FFMPEG, FFPROBE } from "../packages/testing/clips.ts";
import { jobRequest } from "../packages/testing/job-request.ts";

export const name = "encode";

const ROUNDS = 3;
const TARGET = 0.85;

interface Cost {
  cpuSeconds: number;
  wallSeconds: number;
}

/** The clips and their descriptions: what one decode saves depends on how expensive the source is to decode. */
const SOURCES = [
  ["camera.mp4", "as a camera writes it: High profile, CABAC, 20 Mb/s"],
  ["fills.mp4", "the easiest to decode: Baseline, CAVLC, no loop filter, 12 Mb/s"],
] as const;

/**
 * The CPU time of one Rushes run for the three MP4s and the poster, compared with three plain ffmpeg runs
 * (without a poster) with the same codec settings and ffmpeg's own threads, on two 30 s clips.
 * The rounds alternate, so that a machine that slows down does so for both.
 */
export async function run(): Promise<string> {
  const sections: string[] = [
    "### encode",
    "",
    `30 s of 1080p30 that fill every preset (moving figures under grain), ${cpus().length} cores, medians of ${ROUNDS}.`,
  ];
  for (const [clipName, what] of SOURCES) {
    const source = await clip(clipName);
    const { rushes, plain } = await compare(source);
    sections.push("", `The source ${what}:`, "", ...table(rushes, plain));
  }
  sections.push("", "The plain runs:", "");
  for (const args of plainRuns("clip.mp4")) sections.push(`    ffmpeg ${args.join(" ")}`);
  return sections.join("\n");
}

async function compare(source: string): Promise<{ rushes: Cost[]; plain: Cost[] }> {
  const one = await oneRun(source);
  const three = plainRuns(source);
  const folder = await mkdtemp(join(tmpdir(), "rushes-encode-"));
  const costs = { rushes: [] as Cost[], plain: [] as Cost[] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      costs.rushes.push(await cost(folder, one));
      const sum: Cost = { cpuSeconds: 0, wallSeconds: 0 };
      for (const args of three) {
        const { cpuSeconds, wallSeconds } = await cost(folder, args);
        sum.cpuSeconds += cpuSeconds;
        sum.wallSeconds += wallSeconds;
      }
      costs.plain.push(sum);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return costs;
}

/** The ffmpeg command of the product for its own request, with the file instead of the URL. */
async function oneRun(source: string): Promise<string[]> {
  const probed = await output(FFPROBE, [
    ...["-v", "error", "-show_format", "-show_streams", "-of", "json", source],
  ]);
  const request = jobRequest({
    sourceUrl: "s3://rushes-uploads/clip.mp4",
    destination: "s3://rushes-renditions/media/job_bench/1/clip/",
    safeName: "clip",
    source: { durationSeconds: 30 },
  });
  const { settings } = parseCreateJob(toWire(request));
  const { args } = translate(settings, parseMedia(JSON.parse(probed)));
  return [...COMMON, "-i", source, ...args];
}

const COMMON = ["-hide_banner", "-nostdin", "-loglevel", "error", "-y"];

/** Commands as a person would write them, one per preset. */
function plainRuns(source: string): string[][] {
  return PRESETS.map(({ label, video, audio }) => [
    ...[...COMMON, "-i", source, "-map", "0:v:0", "-map", "0:a:0"],
    ...["-vf", `scale=${video.maxWidth}:${video.maxHeight}`],
    ...["-r", `${video.frameRate.numerator}/${video.frameRate.denominator}`],
    ...["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast"],
    ...["-profile:v", video.profile, "-level:v", video.level],
    ...["-refs", String(video.referenceFrames), "-bf", video.profile === "main" ? "2" : "0"],
    ...["-b-pyramid", "none", "-g", String(video.keyframeMaxDistance)],
    ...["-b:v", String(video.bitRate), "-maxrate", String(video.bitRate * 1.5)],
    ...["-bufsize", String(video.bitRate * 2)],
    ...["-c:a", "aac", "-b:a", String(audio.bitRate), "-ar", String(audio.sampleRate), "-ac", "2"],
    ...["-movflags", "+faststart", `plain-${label}.mp4`],
  ]);
}

/** Runs ffmpeg under bash's `times`, which prints the user and system time of its child processes. */
async function cost(folder: string, args: string[]): Promise<Cost> {
  const began = performance.now();
  const times = join(folder, "times");
  const script = `"$@" || exit 1; times > "${times}"`;
  const child = spawn("bash", ["-c", script, "bench", FFMPEG, ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${args.join(" ")}`);
  const wallSeconds = (performance.now() - began) / 1000;
  const [, children = ""] = (await readFile(times, "utf8")).trim().split("\n");
  const cpuSeconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { cpuSeconds, wallSeconds };
}

async function output(command: string, args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return text;
}

function median(costs: Cost[], of: keyof Cost): number {
  const sorted = costs.map((one) => one[of]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function table(rushes: Cost[], plain: Cost[]): string[] {
  const ratio = median(rushes, "cpuSeconds") / median(plain, "cpuSeconds");
  const wallRatio = median(rushes, "wallSeconds") / median(plain, "wallSeconds");
  const row = (title: string, costs: Cost[]) =>
    `| ${title} | ${median(costs, "cpuSeconds").toFixed(1)} | ${median(costs, "wallSeconds").toFixed(1)} |`;
  return [
    "| | CPU s (user + sys) | wall s |",
    "| --- | --- | --- |",
    row("one Rushes run: three MP4s and the poster", rushes),
    row("three plain ffmpeg runs, no poster", plain),
    `| ratio | **${ratio.toFixed(2)}** (target ≤ ${TARGET}: ${ratio <= TARGET ? "met" : "missed"}) | ${wallRatio.toFixed(2)} |`,
  ];
}
