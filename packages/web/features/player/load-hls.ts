/**
 * Loads hls.js, which is larger than a page: only for a video that plays as HLS. Never on the server: the build then
 * leaves it out of the site's function.
 */
export function loadHls(): Promise<typeof import("./hls-engine.ts")> {
  if (typeof window === "undefined") return Promise.reject(new Error("Only browsers play videos."));
  return import("./hls-engine.ts");
}
