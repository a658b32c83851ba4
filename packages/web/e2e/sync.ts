/**
 * Measures picture and sound in Chromium without playing them, so that a busy machine changes nothing: it finds where the
 * player shows a flash by seeking, and where the browser's own decoder puts the beep in the bytes that the player gets.
 */
import type { Page } from "@playwright/test";
import { FLASHES } from "./clips.ts";

/** When each flash of `FLASHES` begins to show in the page's video, else in the MP4 file of this URL. In seconds. */
export function flashesIn(page: Page, url?: string): Promise<number[]> {
  return page.evaluate(
    async ({ url, times }) => {
      const video = document.createElement("video");
      const shown = url === undefined ? document.querySelector("video") : video;
      if (!shown) throw new Error("The page has no video.");
      if (url !== undefined) {
        // Bytes of the page's own origin may be read from a canvas.
        const loaded = new Promise((resolve) => shown.addEventListener("loadeddata", resolve));
        shown.src = URL.createObjectURL(await (await fetch(url)).blob());
        await loaded;
      }
      const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      if (!canvas) throw new Error("There is no canvas.");
      // `seeked` may come before the frame is on the screen.
      const frameAt = (seconds: number) =>
        new Promise<void>((resolve) => {
          const onFrame: VideoFrameRequestCallback = (_, { mediaTime }) => {
            if (Math.abs(mediaTime - seconds) < 0.1) resolve();
            else shown.requestVideoFrameCallback(onFrame);
          };
          shown.requestVideoFrameCallback(onFrame);
          shown.currentTime = seconds;
        });
      const isWhite = async (seconds: number) => {
        await frameAt(seconds);
        canvas.drawImage(shown, 0, 0, 1, 1);
        return (canvas.getImageData(0, 0, 1, 1).data[0] ?? 0) > 128;
      };
      const found: number[] = [];
      for (const time of times) {
        let [black, white] = [time - 0.5, time + 0.05];
        if ((await isWhite(black)) || !(await isWhite(white)))
          throw new Error(`No flash at ${time}`);
        while (white - black > 0.002) {
          const middle = (black + white) / 2;
          if (await isWhite(middle)) white = middle;
          else black = middle;
        }
        found.push(white);
      }
      return found;
    },
    { url, times: FLASHES },
  );
}

/** When each beep begins in these files together, as the browser decodes them. In seconds. */
export function beepsIn(page: Page, urls: string[]): Promise<number[]> {
  return page.evaluate(
    async ({ urls, times }) => {
      const files = await Promise.all(urls.map(async (url) => (await fetch(url)).blob()));
      const bytes = await new Blob(files).arrayBuffer();
      const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
      const samples = sound.getChannelData(0);
      return times.map((time) => {
        const from = Math.round((time - 0.5) * sound.sampleRate);
        const at = samples.subarray(from).findIndex((sample) => Math.abs(sample) > 0.1);
        return (from + at) / sound.sampleRate;
      });
    },
    { urls, times: FLASHES },
  );
}

/** What plays of a job: the files of its stream's sound, and its largest MP4 file. */
export function filesOf(page: Page, path: string): Promise<{ sound: string[]; mp4: string }> {
  return page.evaluate(async (job) => {
    const { hls, renditions } = await (await fetch(`/api${job}/playback`)).json();
    const { search } = new URL(hls.url);
    const lines = async (url: string) => (await (await fetch(url)).text()).split("\n");
    const uriIn = (line = "") => /URI="([^"]+)"/.exec(line)?.[1] ?? "";
    const signed = (uri: string) => new URL(`${uri}${search}`, hls.url).href;
    const audio = (await lines(hls.url)).find((line) => line.includes("TYPE=AUDIO"));
    const playlist = await lines(signed(uriIn(audio)));
    const init = uriIn(playlist.find((line) => line.startsWith("#EXT-X-MAP")));
    const segments = playlist.filter((line) => line !== "" && !line.startsWith("#"));
    return { sound: [init, ...segments].map(signed), mp4: renditions[0].url };
  }, path);
}
