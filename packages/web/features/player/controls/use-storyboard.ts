import { storyboardUri, storyboardVtt } from "@rushes/core/rendition/storyboard-vtt";
import { type RefObject, useEffect } from "react";

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`The playlist was answered with ${response.status}.`);
  return response.text();
}

/** Shows the pictures of a stream over the seek bar: media-chrome reads them from a track of the video. */
export function useStoryboard(
  video: RefObject<HTMLVideoElement | null>,
  multivariantUrl: string | undefined,
): void {
  useEffect(() => {
    const element = video.current;
    if (multivariantUrl === undefined || !element) return;
    const gone = new AbortController();
    const track = document.createElement("track");
    const load = async () => {
      const { search } = new URL(multivariantUrl);
      const uri = storyboardUri(await fetchText(multivariantUrl, gone.signal));
      if (uri === undefined) return;
      const base = new URL(uri, multivariantUrl);
      const playlist = await fetchText(base.href + search, gone.signal);
      const text = storyboardVtt(playlist, (tile) => new URL(tile, base).href + search);
      if (gone.signal.aborted) return;
      track.src = URL.createObjectURL(new Blob([text], { type: "text/vtt" }));
      track.kind = "metadata";
      track.label = "thumbnails";
      element.append(track);
      // Firefox does not load a track of this kind that is only marked as the default.
      track.track.mode = "hidden";
    };
    // The seek bar works without pictures.
    void load().catch(() => {});
    return () => {
      gone.abort();
      track.remove();
      if (track.src) URL.revokeObjectURL(track.src);
    };
  }, [video, multivariantUrl]);
}
