import HLS from "hls-parser";

/** What a media playlist names. */
export interface MediaPlaylist {
  /** The URIs of its files, as they are written. */
  files: string[];
  seconds: number;
  /** False if more segments may follow. */
  isEnded: boolean;
}

/** Undefined if the text is no media playlist. */
export function readMediaPlaylist(text: string): MediaPlaylist | undefined {
  const playlist = parse(text);
  if (!playlist) return undefined;
  const files = playlist.segments.flatMap(({ uri, map }) => (map?.uri ? [map.uri, uri] : [uri]));
  return {
    files: [...new Set(files)],
    seconds: playlist.segments.reduce((sum, { duration }) => sum + duration, 0),
    isEnded: playlist.endlist,
  };
}

/** The playlists that a multivariant playlist names: those of its variants first. */
export function playlistsIn(text: string): {
  variants: string[];
  audio: string[];
  others: string[];
} {
  const variants = [...text.matchAll(/^[^#\s].*\.m3u8$/gm)].map(([uri]) => uri);
  const audio = urisOf(text, /^#EXT-X-MEDIA:.*TYPE=AUDIO.*$/gm);
  const all = urisOf(text, /^#EXT-X-.*$/gm);
  const others = all.filter((uri) => !audio.includes(uri) && !variants.includes(uri));
  return { variants: [...new Set(variants)], audio, others };
}

function urisOf(text: string, tag: RegExp): string[] {
  const lines = [...text.matchAll(tag)].map(([line]) => line);
  const uris = lines.flatMap((line) => /[:,]URI="([^"]+\.m3u8)"/.exec(line)?.[1] ?? []);
  return [...new Set(uris)];
}

function parse(text: string): HLS.types.MediaPlaylist | undefined {
  try {
    const playlist = HLS.parse(text);
    return playlist instanceof HLS.types.MediaPlaylist ? playlist : undefined;
  } catch {
    return undefined;
  }
}
