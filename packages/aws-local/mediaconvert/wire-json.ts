/**
 * A request of the SDK's as it travels: the same names, beginning in lower case. Names that people
 * chose (those of audio selectors) have spaces and stay. For tests and the benchmark, which ask the
 * translation without a wire.
 */
export function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      /^[A-Z]\w*$/.test(key) ? key.charAt(0).toLowerCase() + key.slice(1) : key,
      toWire(inner),
    ]),
  );
}
