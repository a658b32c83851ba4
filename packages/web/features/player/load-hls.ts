/** Loads hls.js, which is larger than a page: only for a video that plays as HLS. */
export const loadHls = () => import("./hls-engine.ts");
