import type { Change } from "@rushes/core/job/schema";

/** While a job is in flight somebody watches its bar; else only new uploads from elsewhere can come. */
const BUSY_MS = 1_000;
const IDLE_MS = 8_000;
const MAX_BACKOFF_MS = 30_000;
/** After so long in a hidden tab the list is fetched anew: cheaper than all the changes, and tombstones end. */
const STALE_MS = 10 * 60_000;

/** How long to wait before the next question. */
export function nextDelayMs(busy: boolean, failures: number): number {
  const usual = busy ? BUSY_MS : IDLE_MS;
  return failures === 0 ? usual : Math.min(MAX_BACKOFF_MS, BUSY_MS * 2 ** failures);
}

export type Changes = { changes: Change[]; nextSince: string; more: boolean };

/** What the subscription needs of the page around it; the tests give their own. */
export type Surroundings = {
  isHidden(): boolean;
  /** Calls back on every change of visibility; returns how to stop. */
  onVisibility(listener: () => void): () => void;
  after(ms: number, run: () => void): () => void;
  nowMs(): number;
};

const browser: Surroundings = {
  isHidden: () => document.visibilityState === "hidden",
  onVisibility(listener) {
    document.addEventListener("visibilitychange", listener);
    return () => document.removeEventListener("visibilitychange", listener);
  },
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  nowMs: () => Date.now(),
};

export type Subscription = {
  /** The server's time from which to follow. */
  since: string;
  fetchChanges(since: string, signal: AbortSignal): Promise<Changes>;
  onChanges(changes: Change[]): void;
  /** True while anything on the page will change by itself. */
  isBusy(): boolean;
  /** Whether the last question was answered. */
  onState?(state: "live" | "interrupted"): void;
  /** The tab was hidden for long: fetch everything anew. */
  onStale?(): void;
};

const running = new Set<() => void>();

/** Asks at once instead of at the next turn: after an upload has ended, for instance. */
export function nudgeJobs(): void {
  for (const ask of running) ask();
}

/**
 * Follows the jobs by asking what changed: fast while something is in flight, slowly else, never in
 * a hidden tab, ever more slowly while the server does not answer. Returns how to stop. The only
 * way by which the page hears of jobs, so that server-sent events could take its place.
 */
export function subscribeJobs(subscription: Subscription, around = browser): () => void {
  const { fetchChanges, onChanges, isBusy, onState, onStale } = subscription;
  let since = subscription.since;
  let failures = 0;
  let askedMs = around.nowMs();
  let asking: AbortController | undefined;
  let cancelTimer = () => {};
  let stopped = false;

  function schedule(ms: number) {
    cancelTimer();
    if (stopped || around.isHidden()) return;
    cancelTimer = around.after(ms, () => void ask());
  }

  async function ask(): Promise<void> {
    if (stopped || asking || around.isHidden()) return;
    cancelTimer();
    const controller = new AbortController();
    asking = controller;
    let more = false;
    try {
      const answer = await fetchChanges(since, controller.signal);
      if (stopped) return;
      since = answer.nextSince;
      more = answer.more;
      failures = 0;
      askedMs = around.nowMs();
      if (answer.changes.length > 0) onChanges(answer.changes);
      onState?.("live");
    } catch {
      if (stopped) return;
      // Not an error of the page: it shows what it has, says that it may be old, and asks again.
      failures += 1;
      onState?.("interrupted");
    } finally {
      asking = undefined;
    }
    schedule(more ? 0 : nextDelayMs(isBusy(), failures));
  }

  const stopListening = around.onVisibility(() => {
    if (around.isHidden()) {
      cancelTimer();
    } else if (around.nowMs() - askedMs > STALE_MS && onStale) {
      onStale();
    } else {
      void ask();
    }
  });
  const nudge = () => void ask();
  running.add(nudge);
  schedule(nextDelayMs(isBusy(), 0));

  return () => {
    stopped = true;
    running.delete(nudge);
    stopListening();
    cancelTimer();
    asking?.abort();
  };
}
