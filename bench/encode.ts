import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { copyArgs } from "../packages/aws-local/mediaconvert/copy-tracks.ts";
import { parseMedia } from "../packages/aws-local/mediaconvert/media.ts";
import { parseCreateJob } from "../packages/aws-local/mediaconvert/schema.ts";
import { translate } from "../packages/aws-local/mediaconvert/translate/command.ts";
import { toWire } from "../packages/aws-local/mediaconvert/wire-json.ts";
import { ladderFor } from "../packages/core/rendition/ladder.ts";
import { PROFILES } from "../packages/core/rendition/profile.ts";
import { clip, FFMPEG, FFPROBE } from "../packages/testing/clips.ts";
import { jobRequest } from "../packages/testing/job-request.ts";
import {
  audioRun,
  bareLadder,
  posterRun,
  presetRuns,
  rungMp4,
  rungRun,
  storyboardRun,
} from "./plain-ffmpeg.ts";

export const name = "encode";

/** Commands that belong together: their costs are added. */
type Commands = string[][];

interface Cost {
  cpuSeconds: number;
  wallSeconds: number;
  /** The largest of any command. */
  memoryMb: number;
}

const PICTURE = { width: 1920, height: 1080, frameRate: 30 };
const SECONDS = 30;
const RUNGS = ladderFor({ ...PICTURE, durationSeconds: SECONDS });

/** The clips and their descriptions: what one decode saves depends on how expensive the source is to decode. */
const SOURCES = [
  ["camera.mp4", "Like a camera's: High profile, CABAC, 20 Mb/s"],
  ["fills.mp4", "Easiest to decode: Baseline, CAVLC, no loop filter, 12 Mb/s"],
] as const;

/**
 * The CPU time and the memory of Rushes' runs of ffmpeg, compared with plain ones with the same codec settings and
 * ffmpeg's own threads, on two 30 s clips. The rounds alternate, so that a machine that slows down does so for all.
 */
export async function run({ runs }: { runs: number }): Promise<string> {
  const sections: string[] = [
    `${SECONDS} s of 1080p30 that fill every preset (moving figures under grain), ${cpus().length} cores, medians of ${runs}.`,
  ];
  for (const [clipName, what] of SOURCES) {
    const source = await clip(clipName);
    const costs = await measure(await commandsFor(source), runs);
    sections.push("", `**${what}**`, "", ...table(costs));
  }
  sections.push("", "The plain runs of the presets, and the bare ladder:", "");
  for (const args of [...presetRuns("clip.mp4"), bareLadder("clip.mp4", RUNGS)]) {
    sections.push(`    ffmpeg ${args.join(" ")}`);
  }
  return sections.join("\n");
}

const TITLES = {
  original: "profile `original`: three MP4s and the poster",
  presets: "three plain runs with the presets, no poster",
  web: `profile \`web\`: ${RUNGS.length} rungs, audio, three MP4s, poster, storyboard`,
  fourRungs: "the same with four rungs",
  ladder: `plain ladder in one run: ${RUNGS.length} rungs, audio`,
  separate: "a plain run for each output of `web`",
} as const;
type Kind = keyof typeof TITLES;
const KINDS = Object.keys(TITLES) as Kind[]; // Its own keys.

async function commandsFor(source: string): Promise<Record<Kind, Commands>> {
  const downloads = [0, 1, 1].flatMap((at) => RUNGS[at] ?? []);
  return {
    original: await rushesRun(source, PROFILES.original),
    presets: presetRuns(source),
    web: await rushesRun(source, PROFILES.web),
    fourRungs: await rushesRun(source, PROFILES.web, 4),
    ladder: [bareLadder(source, RUNGS)],
    separate: [
      ...RUNGS.map((rung) => rungRun(source, rung)),
      ...downloads.map((rung, at) => rungMp4(source, rung, at)),
      audioRun(source),
      posterRun(source, SECONDS),
      storyboardRun(source, { ...PICTURE, durationSeconds: SECONDS }),
    ],
  };
}

/** The ffmpeg commands of the product for its own request, with the file instead of the URL. */
async function rushesRun(
  source: string,
  profile: (typeof PROFILES)[keyof typeof PROFILES],
  mostRungs = Number.POSITIVE_INFINITY,
): Promise<Commands> {
  const probed = await output(FFPROBE, [
    ...["-v", "error", "-show_format", "-show_streams", "-of", "json", source],
  ]);
  const request = jobRequest({
    sourceUrl: "s3://rushes-uploads/clip.mp4",
    destination: "s3://rushes-renditions/media/job_bench/1/clip/",
    safeName: "clip",
    profile,
    source: { durationSeconds: SECONDS, picture: PICTURE },
  });
  const { settings } = parseCreateJob(toWire(request));
  const [group] = settings.outputGroups;
  if (group && Number.isFinite(mostRungs)) {
    const videos = group.outputs.filter(({ videoDescription }) => videoDescription);
    const extra = new Set(videos.slice(mostRungs));
    group.outputs = group.outputs.filter((one) => !extra.has(one));
  }
  const plan = translate(settings, parseMedia(JSON.parse(probed)));
  const copies = plan.outputs.some(({ tracks }) => tracks) ? [copyArgs(plan)] : [];
  return [["-i", source, ...plan.args], ...copies];
}

async function measure(
  commands: Record<Kind, Commands>,
  rounds: number,
): Promise<Record<Kind, Cost>> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-encode-"));
  const costs: Record<Kind, Cost[]> = {
    original: [],
    presets: [],
    web: [],
    fourRungs: [],
    ladder: [],
    separate: [],
  };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const kind of KINDS) {
        const cost = await costOf(folder, commands[kind]);
        costs[kind].push(cost);
        // A round takes minutes. A benchmark that is stopped early has still shown these.
        process.stderr.write(`  round ${round + 1}: ${kind} ${cost.cpuSeconds.toFixed(1)} CPU s\n`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const typical = (kind: Kind): Cost => ({
    cpuSeconds: median(costs[kind].map(({ cpuSeconds }) => cpuSeconds)),
    wallSeconds: median(costs[kind].map(({ wallSeconds }) => wallSeconds)),
    memoryMb: median(costs[kind].map(({ memoryMb }) => memoryMb)),
  });
  return {
    original: typical("original"),
    presets: typical("presets"),
    web: typical("web"),
    fourRungs: typical("fourRungs"),
    ladder: typical("ladder"),
    separate: typical("separate"),
  };
}

async function costOf(folder: string, commands: Commands): Promise<Cost> {
  const sum: Cost = { cpuSeconds: 0, wallSeconds: 0, memoryMb: 0 };
  for (const args of commands) {
    const cost = await commandCost(folder, args);
    sum.cpuSeconds += cost.cpuSeconds;
    sum.wallSeconds += cost.wallSeconds;
    sum.memoryMb = Math.max(sum.memoryMb, cost.memoryMb);
  }
  return sum;
}

// `-benchmark` prints the peak memory as information.
const COMMON = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-benchmark", "-y"];

/** Runs ffmpeg under bash's `times`, which prints the user and system time of its child processes. */
async function commandCost(folder: string, args: string[]): Promise<Cost> {
  const began = performance.now();
  const times = join(folder, "times");
  const log = join(folder, "log");
  const script = `"$@" 2> "${log}" || exit 1; times > "${times}"`;
  const child = spawn("bash", ["-c", script, "bench", FFMPEG, ...COMMON, ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "close");
  const text = await readFile(log, "utf8");
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${args.join(" ")}\n${text}`);
  const wallSeconds = (performance.now() - began) / 1000;
  const [, children = ""] = (await readFile(times, "utf8")).trim().split("\n");
  const cpuSeconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  const memoryKib = Number(/bench: maxrss=(\d+)/.exec(text)?.[1]);
  return { cpuSeconds, wallSeconds, memoryMb: (memoryKib * 1024) / 1e6 };
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

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function table(costs: Record<Kind, Cost>): string[] {
  const row = (kind: Kind) => {
    const { cpuSeconds, wallSeconds, memoryMb } = costs[kind];
    return `| ${TITLES[kind]} | ${cpuSeconds.toFixed(1)} | ${wallSeconds.toFixed(1)} | ${memoryMb.toFixed(0)} |`;
  };
  const ratio = (a: Kind, b: Kind) => costs[a].cpuSeconds / costs[b].cpuSeconds;
  const figure = (what: string, value: number, limit: number) =>
    `| ${what} | **${value.toFixed(2)}** | ≤ ${limit} | ${value <= limit ? "met" : "missed"} |`;
  return [
    "| | CPU s (user + sys) | wall s | peak MB |",
    "| --- | --- | --- | --- |",
    ...KINDS.map(row),
    "",
    "| ratio of CPU | measured | target | |",
    "| --- | --- | --- | --- |",
    figure("`original` / three plain runs", ratio("original", "presets"), 0.85),
    figure("`web` / plain ladder", ratio("web", "ladder"), 1.12),
    figure("`web` / a plain run for each output", ratio("web", "separate"), 0.45),
    figure("`web` with four rungs / three plain runs", ratio("fourRungs", "presets"), 0.95),
    figure("peak memory of `web` in GB", costs.web.memoryMb / 1000, 0.7),
  ];
}
