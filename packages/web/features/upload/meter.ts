/** A running estimate of speed: an average that forgets, so that it follows a changing line. */
export interface Meter {
  bytes: number;
  atMs: number;
  bytesPerSecond?: number;
}

/** After so long, a sample's weight has fallen to about a third. */
const MEMORY_MS = 4_000;
/** Shorter steps than this are noise: their bytes are counted with the next sample. */
const SHORTEST_MS = 100;

/** A connection on which nothing has moved for so long has no speed to show. */
const STILL_MS = 5_000;

export function start(atMs: number, bytes = 0): Meter {
  return { bytes, atMs };
}

/**
 * The meter after `bytes` in all have gone by `atMs`. The same meter while nothing has moved; after
 * five seconds of that it has no speed, and the next bytes start another estimate.
 */
export function sample(meter: Meter, bytes: number, atMs: number): Meter {
  const elapsedMs = atMs - meter.atMs;
  const isStill = elapsedMs > STILL_MS;
  if (bytes <= meter.bytes) {
    return isStill && meter.bytesPerSecond !== undefined ? start(meter.atMs, meter.bytes) : meter;
  }
  if (isStill) return start(atMs, bytes);
  if (elapsedMs < SHORTEST_MS) return meter;
  const now = ((bytes - meter.bytes) * 1000) / elapsedMs;
  const weight = 1 - Math.exp(-elapsedMs / MEMORY_MS);
  const before = meter.bytesPerSecond;
  const bytesPerSecond = before === undefined ? now : before + weight * (now - before);
  return { bytes, atMs, bytesPerSecond };
}

/** Seconds until `left` bytes have gone, or undefined while there is nothing to tell it from. */
export function secondsLeft(meter: Meter, left: number): number | undefined {
  if (left <= 0) return 0;
  const speed = meter.bytesPerSecond;
  if (speed === undefined || speed < 1) return undefined;
  return left / speed;
}
