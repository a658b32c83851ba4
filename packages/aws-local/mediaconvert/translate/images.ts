import type { CmafImageSettings } from "../schema-images.ts";
import type { Size } from "./geometry.ts";
import type { CmafImages } from "./plan.ts";

/** Plans the tiles of a CMAF group. The pictures have the shape of `video` if the job states no height. */
export function planImages(
  settings: CmafImageSettings,
  video: Size,
  files: { file: string; keyStem: string },
): CmafImages {
  const { thumbnailWidth: width, thumbnailHeight, tileWidth, tileHeight } = settings;
  const height =
    thumbnailHeight ?? Math.max(2, 2 * Math.round((width * video.height) / video.width / 2));
  return {
    pictures: `${files.file}-pictures.%09d.jpg`,
    file: `${files.file}.%09d.jpg`,
    keyStem: `${files.keyStem}-tiles`,
    size: { width, height },
    columns: tileWidth,
    rows: tileHeight,
    intervalSeconds: settings.thumbnailInterval,
  };
}

/**
 * Filters that select pictures.
 *
 * @param scale makes a picture for a JPEG of a frame
 */
export function pictureFilters({ intervalSeconds }: CmafImages, scale: string[]): string[] {
  // The first frame at or after each time, as for captures.
  return [`fps=1/${intervalSeconds}:round=up:start_time=0`, ...scale];
}

/**
 * Writes each picture to a file of its own. ffmpeg reports no progress before every output has begun, and a tile
 * begins only when it is full, which may be after many minutes. The tiles are encoded from these files, so their
 * quality is higher.
 */
export function pictureArgs({ pictures }: CmafImages): string[] {
  const codec = ["-c:v", "mjpeg", "-q:v", "2", "-fps_mode", "passthrough"];
  return [...codec, "-map_metadata", "-1", ...FILES, pictures];
}

/** ffmpeg's arguments to arrange the pictures in tiles. They are small, so their quality is that of a poster. */
export function tileArgs({ pictures, file, columns, rows }: CmafImages): string[] {
  const input = ["-protocol_whitelist", "file", ...FILES, "-framerate", "1", "-i", pictures];
  const codec = ["-vf", `tile=${columns}x${rows}`, "-c:v", "mjpeg", "-q:v", "4"];
  return [...input, ...codec, "-fps_mode", "passthrough", ...FILES, file];
}

const FILES = ["-f", "image2", "-start_number", "1"];

/** The start of the names that a pattern has. */
export const startOf = (pattern: string) => pattern.slice(0, pattern.indexOf("%"));
