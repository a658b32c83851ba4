/**
 * The same tracks with a number after each name that an earlier one of the language has: `English`, `English (2)`. A
 * menu of captions could not tell them apart.
 */
export function withDistinctNames<T extends { language?: string | undefined; name: string }>(
  tracks: readonly T[],
): T[] {
  const seen = new Map<string, number>();
  return tracks.map((track) => {
    const key = JSON.stringify([track.language, track.name]);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? track : { ...track, name: `${track.name} (${count})` };
  });
}
