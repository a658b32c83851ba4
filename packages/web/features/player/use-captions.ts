import { useEffect, useState } from "react";
import { withDistinctNames } from "./distinct-names.ts";
import type { Playable } from "./offers.ts";

type Track = { id: string; language?: string | undefined; name: string; src: string };

/**
 * The captions files of a video, for its track elements. They are fetched here, because a track of another origin would
 * require CORS of the video's file as well, and its signed URL would expire.
 */
export function useCaptions(captions: Playable["captions"] = []): Track[] {
  const [tracks, setTracks] = useState<Track[]>([]);
  const ids = captions.map(({ id, language, name }) => `${id} ${language} ${name}`).join("\n");

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new URL of the same file is no reason to fetch it again.
  useEffect(() => {
    const gone = new AbortController();
    const urls: string[] = [];
    const fetchOne = async ({ url, ...facts }: (typeof captions)[number]) => {
      const response = await fetch(url, { signal: gone.signal });
      if (!response.ok) return [];
      const src = URL.createObjectURL(new Blob([await response.text()], { type: "text/vtt" }));
      urls.push(src);
      return [{ ...facts, src }];
    };
    // A file that cannot be fetched is left out. The video plays without it.
    void Promise.all(captions.map((one) => fetchOne(one).catch(() => []))).then((fetched) => {
      if (!gone.signal.aborted) setTracks(withDistinctNames(fetched.flat()));
    });
    return () => {
      gone.abort();
      for (const url of urls) URL.revokeObjectURL(url);
    };
  }, [ids]);
  return tracks;
}
