import { type RefObject, useEffect } from "react";
import { recall, store, withPosition } from "./memory.ts";

/** Positions are stored this often, and when the page is left. */
const STORE_MS = 5_000;

/** The events of media-chrome when somebody chooses captions, or none. */
const CAPTIONS_REQUESTS = [
  "mediashowsubtitlesrequest",
  "mediadisablesubtitlesrequest",
  "mediatogglesubtitlesrequest",
];

const storage = () => localStorage;
const isCaptions = ({ kind }: TextTrack) => kind === "captions" || kind === "subtitles";

/**
 * Remembers position, speed and captions, and shows the captions that were shown last. `id` names the video; without
 * one, its position is not remembered.
 */
export function useMemory(video: RefObject<HTMLVideoElement | null>, id: string | undefined): void {
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    rememberChoices(element, signal);
    const remember = () => {
      const { currentTime: seconds, duration, readyState } = element;
      if (id === undefined || readyState < HTMLMediaElement.HAVE_METADATA) return;
      store(storage, (memory) => withPosition(memory, id, { seconds, duration }));
    };
    let storedMs = 0;
    element.addEventListener(
      "timeupdate",
      ({ timeStamp }) => {
        if (timeStamp - storedMs < STORE_MS) return;
        storedMs = timeStamp;
        remember();
      },
      { signal },
    );
    for (const event of ["pause", "seeked"]) element.addEventListener(event, remember, { signal });
    window.addEventListener("pagehide", remember, { signal });
    return () => {
      remember();
      listeners.abort();
    };
  }, [video, id]);
}

function rememberChoices(element: HTMLVideoElement, signal: AbortSignal): void {
  element.addEventListener(
    "ratechange",
    () => {
      const { playbackRate: rate } = element;
      // A new source resets the speed, which nobody chose.
      if (element.readyState === 0) return;
      store(storage, (memory) => ({ ...memory, rate }));
    },
    { signal },
  );
  const { textTracks } = element;
  const storeCaptions = () => {
    const shown = [...textTracks].find((one) => isCaptions(one) && one.mode === "showing");
    store(storage, (memory) => ({ ...memory, captions: shown?.language ?? "" }));
  };
  // Not at every change of a track: a new source changes them as well, which nobody chose.
  for (const request of CAPTIONS_REQUESTS) {
    // media-chrome may obey the same event after this listener.
    const later = () => setTimeout(storeCaptions);
    element.parentElement?.addEventListener(request, later, { signal });
  }
  const showAsLast = (track: TextTrack | null) => {
    if (!track || !isCaptions(track)) return;
    const { captions } = recall(storage);
    if (captions !== "" && track.language === captions) track.mode = "showing";
  };
  // The stream may have named its captions before the controls were loaded.
  for (const track of textTracks) showAsLast(track);
  textTracks.addEventListener("addtrack", ({ track }) => showAsLast(track), { signal });
}
