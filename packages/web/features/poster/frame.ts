import { fitInto } from "@rushes/core/rendition/fit";
import { POSTER } from "@rushes/core/rendition/preset";

const QUALITY = 0.9;
/** Longer than a connection that plays the video needs for one frame of it. */
const WAIT_MS = 30_000;
const NO_FRAME =
  "The picture could not be read. Play the video, pause it at the frame, and try again.";

/**
 * The frame at the player's position, as a JPEG. `file` is the URL of an MP4 with the same pictures: an adaptive player
 * may show a smaller one, and a page may not read the pixels of a file of another origin that the player has loaded
 * without CORS. Without it, the picture of the player itself. Rejects with a sentence for the user.
 */
export async function frameOf(player: HTMLVideoElement, file: string | undefined): Promise<Blob> {
  const video = file === undefined ? player : await copyAt(file, player.currentTime);
  try {
    return await draw(video);
  } catch (cause) {
    throw new Error(NO_FRAME, { cause });
  } finally {
    if (video !== player) video.removeAttribute("src");
  }
}

/** Another video element, which nobody sees, at a position of the file. */
async function copyAt(file: string, seconds: number): Promise<HTMLVideoElement> {
  const video = document.createElement("video");
  video.crossOrigin = "anonymous";
  video.muted = true;
  video.preload = "auto";
  video.src = file;
  await arrival(video, "loadeddata");
  video.currentTime = seconds;
  await arrival(video, "seeked");
  return video;
}

function arrival(video: HTMLVideoElement, event: "loadeddata" | "seeked"): Promise<void> {
  const over = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error(NO_FRAME));
    const timer = setTimeout(fail, WAIT_MS);
    over.signal.addEventListener("abort", () => clearTimeout(timer));
    video.addEventListener(event, () => resolve(), { signal: over.signal });
    video.addEventListener("error", fail, { signal: over.signal });
  }).finally(() => over.abort());
}

async function draw(video: HTMLVideoElement): Promise<Blob> {
  const { width, height } = fitInto(POSTER, { width: video.videoWidth, height: video.videoHeight });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { alpha: false });
  if (!context || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) throw new Error(NO_FRAME);
  context.imageSmoothingQuality = "high";
  context.drawImage(video, 0, 0, width, height);
  const jpeg = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", QUALITY),
  );
  if (!jpeg) throw new Error(NO_FRAME);
  return jpeg;
}
