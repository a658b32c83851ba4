import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectBody } from "../put-object.ts";
import { startOf } from "../translate/images.ts";
import type { CmafCaptions, CmafImages, CmafPlan } from "../translate/plan.ts";
import { captionsLine, captionsPlaylist, captionsSegment } from "./captions.ts";
import { imagesLine, imagesPlaylist } from "./images.ts";
import { type ExtraLines, playlistKey, uri } from "./playlist.ts";

export const PLAYLIST = "application/vnd.apple.mpegurl";

type Put = (key: string, contentType: string, body: ObjectBody) => Promise<void>;

interface Written {
  /** Where ffmpeg wrote the files. */
  folder: string;
  /** The length of the video, else of the audio. */
  seconds: number;
}

/** Publishes the captions and the images of a group whose tracks are complete. */
export async function publishExtras(
  { captions, images }: CmafPlan,
  written: Written,
  put: Put,
): Promise<ExtraLines> {
  const lines: ExtraLines = { captions: [], images: [] };
  for (const track of captions) lines.captions.push(await publishCaptions(track, written, put));
  if (images) lines.images.push(await publishImages(images, written, put));
  return lines;
}

/** Segments and tiles are numbered like those of the tracks. */
const numbered = (keyStem: string, number: number, extension: string) =>
  `${keyStem}_${String(number).padStart(9, "0")}.${extension}`;

async function publishCaptions(
  track: CmafCaptions,
  { folder, seconds }: Written,
  put: Put,
): Promise<string> {
  const key = numbered(track.keyStem, 1, "vtt");
  const text = await readFile(join(folder, track.file), "utf8");
  await put(key, "text/vtt", captionsSegment(text));
  const playlist = playlistKey(track);
  await put(playlist, PLAYLIST, captionsPlaylist(uri(key), seconds));
  return captionsLine(track, uri(playlist));
}

async function publishImages(
  images: CmafImages,
  { folder, seconds }: Written,
  put: Put,
): Promise<string> {
  const start = startOf(images.file);
  const names = (await readdir(folder)).filter((name) => name.startsWith(start)).sort();
  const tiles = await Promise.all(
    names.map(async (name, at) => {
      const path = join(folder, name);
      const { size: bytes } = await stat(path);
      return { path, bytes, key: numbered(images.keyStem, at + 1, "jpg") };
    }),
  );
  for (const { key, path, bytes } of tiles) await put(key, "image/jpeg", { path, bytes });
  const listed = tiles.map(({ key, bytes }) => ({ uri: uri(key), bytes }));
  const playlist = playlistKey(images);
  await put(playlist, PLAYLIST, imagesPlaylist(images, listed, seconds));
  return imagesLine(images, listed, uri(playlist));
}
