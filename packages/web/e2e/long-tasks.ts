/** Finds the tasks in which the app's scripts keep the page's main thread busy, in a trace of Chromium. */
import type { Browser, Page } from "@playwright/test";

/** A task that takes longer than this delays what the user does. */
export const LONG_MS = 50;

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

export interface Tasks {
  seconds: number;
  /** The tasks that ran a script of the app, longest first: CPU milliseconds of scripts, and the main cause. */
  tasks: { ms: number; cause: string }[];
}

const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;

function causeOf({ name, args }: TraceEvent): string {
  const { functionName = "", url = "" } = args?.data ?? {};
  return [name, functionName, url.split("/").at(-1)].filter(Boolean).join(" ");
}

/** The calls of the app's scripts on the page's main thread, which runs most of them. */
function callsOf(events: readonly TraceEvent[]): TraceEvent[] {
  const calls = events.filter(
    ({ name, args }) => name === "FunctionCall" && args?.data?.url?.includes("/_next/"),
  );
  const [main] = [...Map.groupBy(calls, threadOf).values()].sort((a, b) => b.length - a.length);
  if (!main) throw new Error("The trace holds no script of the app.");
  return main;
}

const SCRIPT = new Set(["FunctionCall", "RunMicrotasks", "EvaluateScript"]);

/** The CPU time of scripts, in microseconds. A script that another one calls is part of it. */
function scriptTime(events: readonly TraceEvent[]): number {
  let total = 0;
  let end = 0;
  for (const { name, ts, dur = 0, tdur = dur } of events) {
    if (!SCRIPT.has(name) || ts < end) continue;
    total += tdur;
    end = ts + dur;
  }
  return total;
}

/**
 * CPU time, and not the time on the clock: a busy machine does not make a task long. Scripts only: Chromium itself
 * takes 50 ms to pass a thousand files to the page.
 */
function tasksOf(events: readonly TraceEvent[]): Tasks {
  const calls = callsOf(events);
  const thread = calls[0] && threadOf(calls[0]);
  const onThread = events.filter((event) => threadOf(event) === thread);
  const starts = calls.map(({ ts }) => ts).sort((a, b) => a - b);
  const all = onThread
    .filter(({ name, ph }) => name === "ThreadControllerImpl::RunTask" && ph === "X")
    .sort((a, b) => a.ts - b.ts);
  const timeline = onThread
    .filter(({ cat, ph }) => cat === "devtools.timeline" && ph === "X")
    .sort((a, b) => a.ts - b.ts);
  const tasks: Tasks["tasks"] = [];
  let at = 0;
  let event = 0;
  for (const { ts, dur = 0 } of all) {
    while ((starts[at] ?? Number.POSITIVE_INFINITY) < ts) at += 1;
    if ((starts[at] ?? Number.POSITIVE_INFINITY) >= ts + dur) continue;
    while ((timeline[event]?.ts ?? Number.POSITIVE_INFINITY) < ts) event += 1;
    const from = event;
    while ((timeline[event]?.ts ?? Number.POSITIVE_INFINITY) < ts + dur) event += 1;
    const inside = timeline.slice(from, event);
    const [most] = inside.toSorted((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0));
    tasks.push({ ms: scriptTime(inside) / 1_000, cause: most ? causeOf(most) : "unknown" });
  }
  const [first, last] = [all[0], all.at(-1)];
  const seconds = first && last ? (last.ts - first.ts) / 1e6 : 0;
  return { seconds, tasks: tasks.sort((a, b) => b.ms - a.ms) };
}

/** The app's tasks on the page while `act` runs. */
export async function recordTasks(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<Tasks> {
  await browser.startTracing(page, { categories: ["-*", "toplevel", "devtools.timeline"] });
  await act();
  const trace = await browser.stopTracing();
  return tasksOf(JSON.parse(trace.toString()).traceEvents);
}
