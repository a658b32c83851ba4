import { useRef } from "react";

/** The URL of the poster. It stays until the picture is another one, because a new URL would load it again. */
export function usePoster(url: string | undefined): string | undefined {
  const poster = useRef(url);
  if (!isSamePicture(poster.current, url)) poster.current = url;
  return poster.current;
}

/** Whether two signed URLs are of one picture. A missing URL changes nothing. */
function isSamePicture(shown: string | undefined, url: string | undefined): boolean {
  const [path] = shown?.split("?") ?? [];
  return url === undefined || url.split("?")[0] === path;
}
