/**
 * The picture quality of the 720p rung of the profile `web`, compared with plain `ffmpeg -preset medium` in two passes
 * at the same number of bytes. SSIM is measured against the source, scaled to 720p.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCreateJob } from "../packages/aws-local/mediaconvert/schema.ts";
import { segmentedH264Args } from "../packages/aws-local/mediaconvert/translate/video.ts";
import { toWire } from "../packages/aws-local/mediaconvert/wire-json.ts";
import { PROFILES } from "../packages/core/rendition/profile.ts";
import { FFMPEG } from "../packages/testing/clips.ts";
import { jobRequest } from "../packages/testing/job-request.ts";

export const name = "quality";

const SECONDS = 6;
const RATE = { numerator: 30, denominator: 1 };
const SEGMENT_SECONDS = 2;
const TARGET = 0.0015;
/** How far the bytes of the two files may differ. */
const MOST_EXCESS = 0.005;

/** Pictures of 1080p30 with different detail and motion. */
const SOURCES = [
  ["figures that move", `testsrc2=s=1920x1080:r=30:d=${SECONDS}`],
  ["figures under film grain", `testsrc2=s=1920x1080:r=30:d=${SECONDS},noise=alls=12:allf=t`],
  ["a zoom into fine detail", `mandelbrot=s=1920x1080:r=30:end_pts=600,trim=duration=${SECONDS}`],
] as const;

export async function run(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-quality-"));
  try {
    const rows: string[] = [];
    for (const [what, source] of SOURCES) rows.push(await row(folder, what, source));
    return [
      `The 720p rung of \`web\` against two passes of \`ffmpeg -preset medium\` with the same bytes, ${SECONDS} s each.`,
      "",
      "| source | kb/s | SSIM of the rung | SSIM of plain ffmpeg | difference |",
      "|---|---|---|---|---|",
      ...rows,
    ].join("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function row(folder: string, what: string, source: string): Promise<string> {
  await ffmpeg(folder, [
    ...["-f", "lavfi", "-i", source, "-vf", "format=yuv420p", "-c:v", "libx264"],
    ...["-preset", "veryfast", "-crf", "10", "source.mp4"],
  ]);
  await ffmpeg(folder, [...INPUT, ...SCALE, ...rungArgs(), "rung.mp4"]);
  const bytes = (await stat(join(folder, "rung.mp4"))).size;
  await encodePlain(folder, bytes);
  const [rung, plainSsim] = [await ssim(folder, "rung.mp4"), await ssim(folder, "plain.mp4")];
  const difference = rung - plainSsim;
  const result = difference >= -TARGET ? "met" : "missed";
  const cells = [
    what,
    Math.round((bytes * 8) / SECONDS / 1000),
    rung.toFixed(4),
    plainSsim.toFixed(4),
  ];
  return `| ${cells.join(" | ")} | **${difference.toFixed(4)}** (target ≥ −${TARGET}: ${result}) |`;
}

/** The two passes can miss their bit rate by a few percent, so they are repeated until they have the rung's bytes. */
async function encodePlain(folder: string, wantedBytes: number): Promise<void> {
  let bitRate = (wantedBytes * 8) / SECONDS;
  for (let attempt = 0; attempt < 5; attempt++) {
    const rate = ["-b:v", String(Math.round(bitRate))];
    const plain = [...INPUT, ...SCALE, "-c:v", "libx264", "-preset", "medium", ...rate];
    await ffmpeg(folder, [...plain, "-pass", "1", "-f", "null", "-"]);
    await ffmpeg(folder, [...plain, "-pass", "2", "plain.mp4"]);
    const excess = (await stat(join(folder, "plain.mp4"))).size / wantedBytes;
    if (Math.abs(excess - 1) <= MOST_EXCESS) return;
    bitRate /= excess;
  }
  throw new Error("Plain ffmpeg did not reach the bytes of the rung.");
}

const INPUT = ["-i", "source.mp4"];
const SCALE = ["-vf", "scale=1280:720"];

/** The local encoder's arguments for the rung, from the product's own request. */
function rungArgs(): string[] {
  const request = jobRequest({ profile: PROFILES.web, source: { durationSeconds: 60 } });
  const { settings } = parseCreateJob(toWire(request));
  const codecs = settings.outputGroups
    .flatMap((group) => group.outputs)
    .flatMap(({ videoDescription: video }) => (video?.height === 720 ? [video.codecSettings] : []));
  const rung = codecs.find((settings) => settings.codec === "H_264");
  if (rung?.codec !== "H_264") throw new Error("The job has no rung with 720 lines.");
  return segmentedH264Args(rung.h264Settings, RATE, SEGMENT_SECONDS);
}

async function ssim(folder: string, file: string): Promise<number> {
  const graph = "[1:v]scale=1280:720[source];[0:v][source]ssim";
  const log = await ffmpeg(folder, [
    ...["-i", file, ...INPUT, "-filter_complex", graph, "-f", "null", "-"],
  ]);
  return Number(/SSIM .*All:([\d.]+)/.exec(log)?.[1]);
}

/** Runs ffmpeg and returns its log. */
async function ffmpeg(cwd: string, args: string[]): Promise<string> {
  const child = spawn(FFMPEG, ["-hide_banner", "-nostdin", "-y", ...args], {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${log.slice(-500)}`);
  return log;
}
