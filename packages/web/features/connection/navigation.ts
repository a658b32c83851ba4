/**
 * Keeps a click on a link inside the app while the server cannot answer.
 *
 * Next's router fetches the next page's payload. When that fails, or answers anything but a payload, it
 * lets the browser load the page instead: without a server that is the browser's error page, and every
 * upload of this page is lost. So its requests are held here until the server answers.
 */

/** What the guard needs of the page around it; the tests give their own. */
export interface Surroundings {
  fetch: typeof fetch;
  /** Resolves after `ms`, or earlier when the network or the person comes back. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `task` after `ms`; gives back the way to stop that. */
  after(ms: number, task: () => void): () => void;
}

export interface NavigationGuard {
  /** In the place of `fetch`. */
  fetch: typeof fetch;
  /** True while a page was asked for that is not here, because the server does not answer. */
  isHeld(): boolean;
  /** Calls `listener` after every change; gives back the way to stop that. */
  subscribe(listener: () => void): () => void;
  /** Asks at once instead of at the next turn. */
  retry(): void;
  /** Forgets the pages that were asked for: the person stays where they are. */
  stay(): void;
}

const RETRY_MS = 3_000;
/** After so long without an answer a person wonders whether the click was noticed. */
const SLOW_MS = 4_000;
/** A request without an answer for so long is given up and sent again. */
const TIMEOUT_MS = 30_000;

/** True for the router's requests for a page; not for its prefetches, which may fail unseen. */
function isNavigation(init: RequestInit | undefined): boolean {
  const headers = new Headers(init?.headers);
  return headers.has("rsc") && !headers.has("next-router-prefetch");
}

/** The answer with its whole body, or undefined where there is none that could be shown. */
async function wholeAnswer(asked: Promise<Response>): Promise<Response | undefined> {
  try {
    const response = await asked;
    // A proxy or a CDN answers 5xx for a server that is down.
    if (response.status >= 500) return undefined;
    if (!response.ok) return response;
    const { status, statusText, headers, url, redirected } = response;
    // A body that breaks off is a failure, too, which the router would otherwise meet later.
    const whole = new Response(await response.arrayBuffer(), { status, statusText, headers });
    // The constructor loses both, and the router reads them.
    return Object.defineProperties(whole, {
      url: { value: url },
      redirected: { value: redirected },
    });
  } catch {
    return undefined;
  }
}

interface Held {
  /**
   * Set while the person stays: the request has no answer, since a failure would make the router leave.
   * It goes on with the next click, because the router may wait for its answer when it goes to the
   * same page again.
   */
  parked?: PromiseWithResolvers<void>;
}

export function guardNavigation(around: Surroundings): NavigationGuard {
  let isHeld = false;
  const requests = new Set<Held>();
  const parked = new Set<Held>();
  const listeners = new Set<() => void>();
  /** Ends the waits between two tries. */
  let waits = new AbortController();

  function update() {
    if (isHeld === requests.size > 0) return;
    isHeld = requests.size > 0;
    for (const listener of listeners) listener();
  }
  function hold(request: Held) {
    if (!request.parked) requests.add(request);
    update();
  }
  function release(request: Held) {
    requests.delete(request);
    update();
  }
  function endWaits() {
    const ended = waits;
    waits = new AbortController();
    ended.abort();
  }

  function resumeParked() {
    for (const request of parked) {
      request.parked?.resolve();
      delete request.parked;
    }
    parked.clear();
  }

  async function answerTo(input: RequestInfo | URL, init: RequestInit | undefined) {
    resumeParked();
    const request: Held = {};
    for (;;) {
      if (request.parked) await request.parked.promise;
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
      const stopClock = around.after(SLOW_MS, () => hold(request));
      const answer = await wholeAnswer(around.fetch(input, { ...init, signal }));
      stopClock();
      if (request.parked) continue;
      if (answer || init?.signal?.aborted) release(request);
      init?.signal?.throwIfAborted();
      if (answer) return answer;
      hold(request);
      await around.pause(RETRY_MS, waits.signal).catch(() => {});
    }
  }

  return {
    fetch: (input, init) =>
      isNavigation(init) ? answerTo(input, init) : around.fetch(input, init),
    isHeld: () => isHeld,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    retry: endWaits,
    stay() {
      for (const request of requests) {
        request.parked = Promise.withResolvers();
        parked.add(request);
      }
      requests.clear();
      update();
      endWaits();
    },
  };
}
