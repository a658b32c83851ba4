import { type MediaPlaylist, playlistsIn, readMediaPlaylist } from "../rendition/media-playlist.ts";
import { objectsIn, readText } from "../storage.ts";

/** A playlist of ten hours in segments of two seconds has less than 2 MB. */
const MOST_BYTES = 8 * 1024 ** 2;

/** What is known about the files of an adaptive stream. */
export interface StreamState {
  /** True if every playlist has its end, every file that it names exists, and all rungs are equally long. */
  isWhole: boolean;
  /** The longest playlist with pictures or sound. */
  durationSeconds: number;
  hasSound: boolean;
}

/**
 * Checks the files of an adaptive stream by its playlists and a list of its folder: no request reads a segment.
 * `key` is the multivariant playlist. Undefined if it does not exist.
 */
export async function checkStream(bucket: string, key: string): Promise<StreamState | undefined> {
  const folder = key.slice(0, key.lastIndexOf("/") + 1);
  const [multivariant, files] = await Promise.all([
    readText({ bucket, key, mostBytes: MOST_BYTES }),
    filesIn(bucket, folder),
  ]);
  if (!multivariant) return undefined;
  const { variants, audio, others } = playlistsIn(multivariant.text);
  const read = (names: string[]) =>
    Promise.all(
      names.map(async (name) => {
        const found = await readText({ bucket, key: `${folder}${name}`, mostBytes: MOST_BYTES });
        return found && readMediaPlaylist(found.text);
      }),
    );
  const [pictures, sounds, rest] = await Promise.all([read(variants), read(audio), read(others)]);
  const lengths = (of: (MediaPlaylist | undefined)[]) => of.map((one) => one?.seconds ?? 0);
  const [shortest, longest] = [Math.min(...lengths(pictures)), Math.max(...lengths(pictures))];
  return {
    isWhole:
      variants.length > 0 &&
      longest - shortest < 1 &&
      [...pictures, ...sounds].every((playlist) => playlist && playlist.files.length > 0) &&
      [...pictures, ...sounds, ...rest].every((playlist) => playlistIsWhole(playlist, files)),
    durationSeconds: Math.max(longest, ...lengths(sounds)),
    hasSound: audio.length > 0 || /mp4a/.test(multivariant.text),
  };
}

function playlistIsWhole(playlist: MediaPlaylist | undefined, files: ReadonlySet<string>): boolean {
  return playlist?.isEnded === true && playlist.files.every((name) => files.has(name));
}

/** The names below a folder of all objects with bytes. */
async function filesIn(bucket: string, folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { key, sizeBytes } of objectsIn(bucket, folder)) {
    if (sizeBytes > 0) names.add(key.slice(folder.length));
  }
  return names;
}
