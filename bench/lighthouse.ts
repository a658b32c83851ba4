/** Lighthouse's scores of the pages, with its simulation of a phone on a slow connection. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { spawnStack } from "../packages/testing/process.ts";
import playwright from "../playwright.config.ts";
import { completeVideo, json, makeClip } from "./complete-video.ts";

export const name = "lighthouse";

/** npm loads it for this benchmark only, because it is larger than everything else that the project installs for tests. */
const PACKAGE = "lighthouse@13.5.0";
const TARGET = { performance: 95, accessibility: 100 };

const Score = z.object({ score: z.number() });
const Report = z.object({
  categories: z.object({ performance: Score, accessibility: Score }),
  audits: z.record(z.string(), z.object({ displayValue: z.string().optional() })),
});
const Shared = z.object({ share: z.object({ url: z.url() }) });

interface Visit {
  performance: number;
  accessibility: number;
  /** The largest contentful paint, the blocking time and the layout shift, as Lighthouse writes them. */
  facts: string[];
}

async function visit(url: string): Promise<Visit> {
  const chromium = playwright.use?.launchOptions?.executablePath;
  const { stdout } = await promisify(execFile)(
    "npm",
    [
      ...["exec", "--yes", `--package=${PACKAGE}`, "--", "lighthouse", url, "--quiet"],
      ...["--output=json", "--only-categories=performance,accessibility"],
      "--chrome-flags=--headless --no-sandbox --disable-gpu",
    ],
    {
      // Outside of the project, so that npm takes no package from it.
      cwd: tmpdir(),
      env: { ...process.env, ...(chromium ? { CHROME_PATH: chromium } : {}) },
      maxBuffer: 64 * 1024 ** 2,
    },
  );
  const { categories, audits } = Report.parse(JSON.parse(stdout));
  const measured = ["largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];
  return {
    performance: Math.round(categories.performance.score * 100),
    accessibility: Math.round(categories.accessibility.score * 100),
    facts: measured.map((audit) => audits[audit]?.displayValue ?? "unknown"),
  };
}

/** Returns a table in Markdown. */
export async function run({ runs }: { runs: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rushes-bench-lighthouse-"));
  const clip = join(folder, "minute.mp4");
  await makeClip(clip);
  const stack = await spawnStack();
  try {
    const id = await completeVideo(stack.dashboard, clip);
    const made = await json(`${stack.dashboard}/api/jobs/${id}/shares`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ expiresInHours: 1 }),
    });
    const pages = {
      "/": stack.dashboard,
      "/jobs": `${stack.dashboard}/jobs`,
      "a video's page": `${stack.dashboard}/jobs/${id}`,
      "a shared video": Shared.parse(made).share.url,
    };
    const rows: string[] = [];
    for (const [what, url] of Object.entries(pages)) {
      const visits: Visit[] = [];
      for (let at = 0; at < runs; at += 1) visits.push(await visit(url));
      rows.push(row(what, visits));
    }
    return [
      `Medians of ${runs}, at a load of ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores.`,
      "",
      "| page | performance | accessibility | largest paint | blocked | layout shift |",
      "|---|---|---|---|---|---|",
      ...rows,
    ].join("\n");
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function row(what: string, visits: Visit[]): string {
  const sorted = visits.toSorted((a, b) => a.performance - b.performance);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error("There was no visit.");
  const figure = (value: number, target: number) =>
    `${value} (target ${target === 100 ? "" : "≥ "}${target}: ${value >= target ? "met" : "missed"})`;
  const scores = [
    figure(middle.performance, TARGET.performance),
    figure(middle.accessibility, TARGET.accessibility),
  ];
  return `| ${[what, ...scores, ...middle.facts].join(" | ")} |`;
}
