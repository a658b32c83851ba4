import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { spawnStack } from "../packages/testing/process.ts";
import playwright from "../playwright.config.ts";

export const name = "many";

const FILES = 1_000;
const LONG_MS = 50;
const WAIT_MS = 600_000;

/** One event of Chromium's trace format. Times are in microseconds. `tdur` is CPU time. */
interface TraceEvent {
  name: string;
  cat: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { data?: { url?: string; functionName?: string; lineNumber?: number } };
}

interface Tasks {
  seconds: number;
  /** Each long task that ran a script of the app: its CPU milliseconds and its main cause. */
  long: { ms: number; cause: string }[];
}

/** The tasks of the page's main thread that ran the app's scripts, from a trace. */
function tasksOf(trace: Buffer): Tasks {
  const events: TraceEvent[] = JSON.parse(trace.toString()).traceEvents;
  const scripts = events.filter(
    ({ name: what, args }) => what === "FunctionCall" && args?.data?.url?.includes("/_next/"),
  );
  const counts = Map.groupBy(scripts, ({ pid, tid }) => `${pid}/${tid}`);
  const [main] = [...counts].sort(([, a], [, b]) => b.length - a.length);
  if (!main) throw new Error("The trace holds no script of the app.");
  const [thread, calls] = main;
  const starts = calls.map(({ ts }) => ts).sort((a, b) => a - b);
  const tasks = events
    .filter(
      ({ name: what, ph, pid, tid }) =>
        what === "ThreadControllerImpl::RunTask" && ph === "X" && `${pid}/${tid}` === thread,
    )
    .sort((a, b) => a.ts - b.ts);
  const [first, last] = [tasks[0], tasks.at(-1)];
  const long: Tasks["long"] = [];
  let at = 0;
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    while ((starts[at] ?? Number.POSITIVE_INFINITY) < ts) at += 1;
    const isAppTask = (starts[at] ?? Number.POSITIVE_INFINITY) < ts + dur;
    if (!isAppTask || tdur <= LONG_MS * 1_000) continue;
    const [most] = events
      .filter((one) => one.cat === "devtools.timeline" && `${one.pid}/${one.tid}` === thread)
      .filter((one) => one.ts >= ts && one.ts < ts + dur)
      .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0));
    long.push({ ms: tdur / 1_000, cause: most ? causeOf(most) : "unknown" });
  }
  const seconds = first && last ? (last.ts - first.ts) / 1e6 : 0;
  return { seconds, long: long.sort((a, b) => b.ms - a.ms) };
}

function causeOf({ name: what, args }: TraceEvent): string {
  const { functionName = "", url = "" } = args?.data ?? {};
  return [what, functionName, url.split("/").at(-1)].filter(Boolean).join(" ");
}

async function uploadAll(page: Page, dashboard: string, folder: string): Promise<void> {
  await page.goto(dashboard);
  await page.getByLabel("Folder to upload").setInputFiles(folder);
  await page
    .getByText(`${FILES} files uploaded`, { exact: true })
    .first()
    .waitFor({ timeout: WAIT_MS });
}

/**
 * A thousand small files in Chromium: no task of the app may block the page's main thread for longer than 50 ms. It
 * counts CPU time, so that a busy machine does not make a task long.
 */
export async function run(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "rushes-many-"));
  const folder = join(root, "card");
  await mkdir(folder);
  for (let index = 0; index < FILES; index += 1) {
    await writeFile(join(folder, `clip ${index}.mp4`), "no video".repeat(256));
  }
  const stack = await spawnStack();
  const browser = await chromium.launch(playwright.use?.launchOptions);
  try {
    const page = await browser.newPage();
    await page.goto(stack.dashboard);
    const categories = ["-*", "toplevel", "devtools.timeline"];
    await browser.startTracing(page, { categories });
    await uploadAll(page, stack.dashboard, folder);
    return table(tasksOf(await browser.stopTracing()));
  } finally {
    await browser.close();
    await stack.stop();
    await rm(root, { recursive: true, force: true });
  }
}

function table({ seconds, long }: Tasks): string {
  const sum = long.reduce((total, { ms }) => total + ms, 0);
  const causes = Map.groupBy(long, ({ cause }) => cause);
  return [
    `| ${FILES} files of 2 KiB in Chromium | |`,
    "|---|---|",
    `| from the choice to the last job | ${seconds.toFixed(1)} s |`,
    `| tasks of the app over ${LONG_MS} ms | ${long.length} |`,
    `| longest of them | ${(long[0]?.ms ?? 0).toFixed(0)} ms |`,
    `| all of them | ${sum.toFixed(0)} ms, ${(sum / 10 / seconds || 0).toFixed(1)} % of the time |`,
    ...[...causes].map(([cause, { length }]) => `| of these in ${cause} | ${length} |`),
    "",
    `No task over ${LONG_MS} ms: ${long.length === 0 ? "met" : "missed"}.`,
  ].join("\n");
}
