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
    file: `${files.file}.%09d.jpg`,
    keyStem: `${files.keyStem}-tiles`,
    size: { width, height },
    columns: tileWidth,
    rows: tileHeight,
    intervalSeconds: settings.thumbnailInterval,
  };
}

/**
 * Filters that arrange pictures in tiles.
 *
 * @param scale makes a picture for a JPEG of a frame
 */
export function tileFilters(images: CmafImages, scale: string[]): string[] {
  const { columns, rows, intervalSeconds } = images;
  // The first frame at or after each time, as for captures.
  const select = `fps=1/${intervalSeconds}:round=up:start_time=0`;
  return [select, ...scale, `tile=${columns}x${rows}`];
}

/** JPEG arguments. The pictures are small, so their quality is that of a poster. */
export function tileArgs({ file }: CmafImages): string[] {
  const codec = ["-c:v", "mjpeg", "-q:v", "4", "-fps_mode", "passthrough"];
  return [...codec, "-map_metadata", "-1", "-f", "image2", "-start_number", "1", file];
}
