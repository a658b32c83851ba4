/**
 * Keeps the user inside the app when they click a link while the server is not responding.
 *
 * Next's router fetches the next page's payload. If that fails, or returns anything but a payload, it makes the
 * browser load the page instead. Without a server that is the browser's error page, and every upload of this
 * page is lost. So this guard holds the router's requests until the server responds.
 */

import { createListeners } from "../../lib/listeners.ts";

/** The browser functions that the guard needs. Tests pass their own. */
export interface GuardEnvironment {
  fetch: typeof fetch;
  /** Resolves after `ms`, or earlier when the network or the user comes back. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `task` after `ms`. Returns a function that cancels it. */
  after(ms: number, task: () => void): () => void;
}

export interface NavigationGuard {
  /** Replaces `fetch`. */
  fetch: typeof fetch;
  /** True while a requested page has not arrived because the server is not responding. */
  isBlocked(): boolean;
  /** Calls `listener` after every change. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  /** Retries at once instead of after the wait. */
  retry(): void;
  /** Drops the requested pages. The user stays on this page. */
  stay(): void;
}

const RETRY_MS = 3_000;
/** After this time without a response, users wonder whether their click was noticed. */
const SLOW_MS = 4_000;
/** After this time without a response, a request is aborted and sent again. */
const TIMEOUT_MS = 30_000;

/** True for the router's requests for a page, but not for its prefetches, which may fail unseen. */
function isNavigation(init: RequestInit | undefined): boolean {
  const headers = new Headers(init?.headers);
  return headers.has("rsc") && !headers.has("next-router-prefetch");
}

/** The response with its whole body, or undefined if none can be shown. */
async function completeResponse(sent: Promise<Response>): Promise<Response | undefined> {
  try {
    const response = await sent;
    // A proxy or a CDN returns 5xx for a server that is down.
    if (response.status >= 500) return undefined;
    if (!response.ok) return response;
    const { status, statusText, headers, url, redirected } = response;
    // A truncated body is a failure, too, which the router would otherwise see later.
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

interface BlockedRequest {
  /**
   * Set while the user stays: the request gets no response, since a failure would make the router leave. It continues
   * with the next click, because the router may wait for it when it opens the same page again.
   */
  parked?: PromiseWithResolvers<void>;
}

/** The requests whose page has not arrived. */
function trackBlocked() {
  const blocked = new Set<BlockedRequest>();
  const parked = new Set<BlockedRequest>();
  const { subscribe, notify } = createListeners();
  let isBlocked = false;

  function update() {
    if (isBlocked === blocked.size > 0) return;
    isBlocked = blocked.size > 0;
    notify();
  }
  return {
    isBlocked: () => isBlocked,
    subscribe,
    hold(request: BlockedRequest) {
      if (!request.parked) blocked.add(request);
      update();
    },
    release(request: BlockedRequest) {
      blocked.delete(request);
      update();
    },
    park() {
      for (const request of blocked) {
        request.parked = Promise.withResolvers();
        parked.add(request);
      }
      blocked.clear();
      update();
    },
    resume() {
      for (const request of parked) {
        request.parked?.resolve();
        delete request.parked;
      }
      parked.clear();
    },
  };
}

export function guardNavigation(env: GuardEnvironment): NavigationGuard {
  const requests = trackBlocked();
  /** Ends the waits between two tries. */
  let waits = new AbortController();

  function endWaits() {
    const ended = waits;
    waits = new AbortController();
    ended.abort();
  }

  async function respond(input: RequestInfo | URL, init: RequestInit | undefined) {
    requests.resume();
    const request: BlockedRequest = {};
    for (;;) {
      if (request.parked) await request.parked.promise;
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
      const stopClock = env.after(SLOW_MS, () => requests.hold(request));
      const answer = await completeResponse(env.fetch(input, { ...init, signal }));
      stopClock();
      if (request.parked) continue;
      if (answer || init?.signal?.aborted) requests.release(request);
      init?.signal?.throwIfAborted();
      if (answer) return answer;
      requests.hold(request);
      await env.pause(RETRY_MS, waits.signal).catch(() => {});
    }
  }

  return {
    fetch: (input, init) => (isNavigation(init) ? respond(input, init) : env.fetch(input, init)),
    isBlocked: requests.isBlocked,
    subscribe: requests.subscribe,
    retry: endWaits,
    stay() {
      requests.park();
      endWaits();
    },
  };
}
