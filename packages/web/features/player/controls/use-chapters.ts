import type { Chapter } from "@rushes/core/source/schema";
import { type RefObject, useEffect, useRef } from "react";

/** Chapters with both their times in seconds. Each lasts until the next one, and the last one until the end. */
export function chapterCues(
  chapters: readonly Chapter[],
  durationSeconds: number,
): { start: number; end: number; text: string }[] {
  if (!Number.isFinite(durationSeconds)) return [];
  const sorted = [...chapters].sort((a, b) => a.startMs - b.startMs);
  return sorted.flatMap(({ startMs, title }, index) => {
    const start = startMs / 1000;
    const next = sorted[index + 1];
    const end = Math.min(next ? next.startMs / 1000 : durationSeconds, durationSeconds);
    // The text of a cue is markup.
    const text = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return end > start ? [{ start, end, text }] : [];
  });
}

/** Divides the seek bar into chapters: media-chrome reads them from a track of the video. */
export function useChapters(
  video: RefObject<HTMLVideoElement | null>,
  chapters: readonly Chapter[] | undefined,
): void {
  // Each response has a new list of the same chapters.
  const text = JSON.stringify(chapters);
  const latest = useRef(chapters);
  latest.current = chapters;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the list.
  useEffect(() => {
    const element = video.current;
    const { current: chapters } = latest;
    if (!element || !chapters) return;
    // A video that is being encoded grows.
    const show = () => showCues(element, chapterCues(chapters, element.duration));
    show();
    const listeners = new AbortController();
    element.addEventListener("durationchange", show, { signal: listeners.signal });
    return () => listeners.abort();
  }, [video, text]);
}

function showCues(video: HTMLVideoElement, cues: ReturnType<typeof chapterCues>): void {
  // Such a track cannot be removed.
  const track =
    [...video.textTracks].find(({ kind }) => kind === "chapters") ?? video.addTextTrack("chapters");
  track.mode = "hidden";
  for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
  for (const { start, end, text } of cues) track.addCue(new VTTCue(start, end, text));
  // media-chrome reads the cues of a track when the list of tracks changes.
  video.textTracks.dispatchEvent(new Event("change"));
}
