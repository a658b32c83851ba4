const received = new WeakMap<object, number>();

/**
 * When the browser first used this data of a page's HTML, in milliseconds since the epoch by its own clock. A navigation
 * back to a page uses the same data again.
 */
export function receivedMs(data: object): number {
  const ms = received.get(data) ?? Date.now();
  received.set(data, ms);
  return ms;
}
