/** Which captions files in the uploads bucket lie beside which videos, by their keys. Pure. */

import { languageName } from "../language.ts";
import { canonical } from "./schema.ts";

/** BCP 47's tag for a language that nobody has named. */
const UNKNOWN = "und";

export const isCaptionsFile = (key: string): boolean => /[^/]\.(srt|vtt)$/i.test(key);

const withoutExtension = (key: string) => key.replace(/\.[^./]*$/, "");

/**
 * The language of a captions file beside a video: `de` for `film.de.srt` beside `film.mp4`, and `und` for `film.srt`.
 * Undefined if it is not beside the video.
 */
export function languageBeside(key: string, videoKey: string): string | undefined {
  const stem = withoutExtension(videoKey);
  const name = withoutExtension(key);
  if (!isCaptionsFile(key) || stem === videoKey) return undefined;
  if (name === stem) return UNKNOWN;
  if (!name.startsWith(`${stem}.`)) return undefined;
  return languageOf(name.slice(stem.length + 1));
}

/** What the keys of all files beside a video begin with. */
export const prefixOfVideo = (videoKey: string): string => `${withoutExtension(videoKey)}.`;

/** What the keys of all videos beside a captions file begin with. */
export function prefixOfCaptions(key: string): string {
  const name = withoutExtension(key);
  const stem = withoutExtension(name);
  const hasLanguage = stem !== name && languageOf(name.slice(stem.length + 1)) !== undefined;
  return `${hasLanguage ? stem : name}.`;
}

/** The canonical tag of a language that has a name: `hd` in `film.hd.srt` is not one. */
function languageOf(text: string): string | undefined {
  const tag = canonical(text);
  return tag !== undefined && languageName(tag) ? tag : undefined;
}
