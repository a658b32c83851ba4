/** A request without progress for this time is sent again, if no other request has made progress either. */
const STALL_MS = 60_000;
/**
 * The same while others make progress. On a slow line they may be served first. The system also buffers up to some
 * megabytes, which the browser counts as sent. To send them again would make the line even slower.
 */
const LONGEST_MS = 5 * 60_000;

interface Watch {
  /** To be called when bytes of the request have moved. */
  moved(): void;
  end(): void;
}

/**
 * Returns a function that watches a request, and calls `onStall` once it has stalled. All requests that are watched share
 * the line.
 */
export function createStallWatch(now: () => number): (onStall: () => void) => Watch {
  let lineMovedMs = 0;
  return (onStall) => {
    let movedMs = now();
    let timer: ReturnType<typeof setTimeout>;
    const check = () => {
      const stallMs = Math.max(movedMs, lineMovedMs) + STALL_MS;
      const leftMs = Math.min(stallMs, movedMs + LONGEST_MS) - now();
      if (leftMs <= 0) onStall();
      else timer = setTimeout(check, leftMs);
    };
    timer = setTimeout(check, STALL_MS);
    return {
      moved() {
        movedMs = now();
        lineMovedMs = movedMs;
      },
      end: () => clearTimeout(timer),
    };
  };
}
