/** The message for a variable that is not a setting, with the name that the user probably meant. */
export function unknownMessage(name: string, where: string, names: readonly string[]): string {
  const near = names.find((known) => distance(known, name) <= 3);
  const advice = near
    ? `Did you mean ${near}?`
    : "See docs/settings.md for the settings that exist.";
  return `${name}, set in ${where}, is not a setting. ${advice}`;
}

/** The Levenshtein distance between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
