import type { Change } from "@rushes/core/job/schema";

/** Fast while a job is in flight, because its progress is visible. Otherwise only new uploads can appear. */
const BUSY_MS = 1_000;
const IDLE_MS = 8_000;
const MAX_BACKOFF_MS = 30_000;
/** After this time in a hidden tab the whole list is fetched: cheaper than all changes, and tombstones expire. */
const STALE_MS = 10 * 60_000;

/** How long to wait before the next request. */
export function nextDelayMs(busy: boolean, failures: number): number {
  const usual = busy ? BUSY_MS : IDLE_MS;
  return failures === 0 ? usual : Math.min(MAX_BACKOFF_MS, BUSY_MS * 2 ** failures);
}

export type Changes = { changes: Change[]; nextSince: string; more: boolean };

/** The browser functions that the subscription needs. Tests pass their own. */
export type LiveEnvironment = {
  isHidden(): boolean;
  /** Calls `listener` on every change of visibility. Returns a function that stops it. */
  onVisibility(listener: () => void): () => void;
  after(ms: number, run: () => void): () => void;
  nowMs(): number;
};

const browser: LiveEnvironment = {
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
  /** The server's time from which to fetch changes. */
  since: string;
  fetchChanges(since: string, signal: AbortSignal): Promise<Changes>;
  /** If this fails, the same changes are fetched again. */
  onChanges(changes: Change[]): Promise<void>;
  /** True while something on the page is in flight. */
  isBusy(): boolean;
  /** Called after each request: whether it succeeded. */
  onState?(state: "live" | "interrupted"): void;
  /** The tab was hidden for a long time: fetch everything again. */
  onStale?(): void;
};

const running = new Set<() => Promise<void>>();

/** Polls at once instead of after the wait, for example after an upload has ended. */
export function pollNow(): void {
  for (const poll of running) void poll();
}

/**
 * Polls for changed jobs: fast while something is in flight, slowly otherwise, never in a hidden tab, and with backoff
 * while the server is not responding. Returns a function that stops it. Pages receive changes only through it, so that
 * server-sent events could replace it.
 */
export function subscribeJobs(subscription: Subscription, env = browser): () => void {
  const { fetchChanges, onChanges, isBusy, onState, onStale } = subscription;
  let since = subscription.since;
  let failures = 0;
  let polledMs = env.nowMs();
  let polling: AbortController | undefined;
  let cancelTimer = () => {};
  let stopped = false;

  function schedule(ms: number) {
    cancelTimer();
    if (stopped || env.isHidden()) return;
    cancelTimer = env.after(ms, () => void poll());
  }

  async function poll(): Promise<void> {
    if (stopped || polling || env.isHidden()) return;
    cancelTimer();
    const controller = new AbortController();
    polling = controller;
    let more = false;
    try {
      const answer = await fetchChanges(since, controller.signal);
      if (stopped) return;
      if (answer.changes.length > 0) await onChanges(answer.changes);
      if (stopped) return;
      since = answer.nextSince;
      more = answer.more;
      failures = 0;
      polledMs = env.nowMs();
      onState?.("live");
    } catch {
      if (stopped) return;
      // Not an error of the page: it keeps its data, shows that it may be stale, and retries.
      failures += 1;
      onState?.("interrupted");
    } finally {
      polling = undefined;
    }
    schedule(more ? 0 : nextDelayMs(isBusy(), failures));
  }

  const stopListening = env.onVisibility(() => {
    if (env.isHidden()) return cancelTimer();
    if (onStale && env.nowMs() - polledMs > STALE_MS) return onStale();
    void poll();
  });
  running.add(poll);
  schedule(nextDelayMs(isBusy(), 0));

  return () => {
    stopped = true;
    running.delete(poll);
    stopListening();
    cancelTimer();
    polling?.abort();
  };
}
