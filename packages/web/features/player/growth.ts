/** How far an HLS video reaches that is still being encoded. */

type Fetch = (url: string) => Promise<string>;

/** The length of a media playlist in seconds; infinite if it is complete. */
export function encodedSeconds(playlist: string): number {
  const lines = playlist.split(/\r?\n/);
  if (lines.includes("#EXT-X-ENDLIST")) return Number.POSITIVE_INFINITY;
  return lines
    .filter((line) => line.startsWith("#EXTINF:"))
    .reduce((sum, line) => sum + Number.parseFloat(line.slice("#EXTINF:".length)), 0);
}

/** The URL of the first variant of a multivariant playlist. */
export function firstVariant(playlist: string, base: string): string | undefined {
  const lines = playlist.split(/\r?\n/);
  const at = lines.findIndex((line) => line.startsWith("#EXT-X-STREAM-INF:"));
  const uri = at === -1 ? undefined : lines.slice(at + 1).find((line) => !/^(#|\s*$)/.test(line));
  return uri === undefined ? undefined : new URL(uri, base).href;
}

/** How many seconds of the video at this signed URL are encoded. All variants grow at the same pace. */
export async function readGrowth(url: string, fetchText: Fetch): Promise<number> {
  const variant = firstVariant(await fetchText(url), url);
  if (variant === undefined) return 0;
  return encodedSeconds(await fetchText(variant + new URL(url).search));
}
