const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

/** A number of bytes as people read it: `2.5 GB`. Safe in the browser. */
export function bytesText(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
