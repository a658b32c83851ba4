/** A running estimate of speed: a weighted average that follows a changing network. */
export interface Meter {
  bytes: number;
  atMs: number;
  bytesPerSecond?: number;
}

/** After this time, the weight of a sample has fallen to about a third. */
const MEMORY_MS = 4_000;
/** Shorter intervals are noise. Their bytes count with the next sample. */
const SHORTEST_MS = 100;

/** After this time without progress, no speed is shown. */
const STILL_MS = 5_000;

export function start(atMs: number, bytes = 0): Meter {
  return { bytes, atMs };
}

/**
 * The meter after a total of `bytes` at `atMs`. Without progress it is the same meter. After five seconds
 * without progress it has no speed, and the next bytes start a new estimate.
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

/** Seconds until `left` bytes are sent. Undefined while the speed is unknown. */
export function secondsLeft(meter: Meter, left: number): number | undefined {
  if (left <= 0) return 0;
  const speed = meter.bytesPerSecond;
  if (speed === undefined || speed < 1) return undefined;
  return left / speed;
}
