/**
 * A request of the SDK as the JSON that it sends: the same names, beginning in lower case. The names of audio selectors
 * have spaces and do not change. For tests and the benchmark, which call the translation directly.
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
