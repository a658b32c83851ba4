import { firstPosition } from "./first-position.ts";
import { loadHls } from "./load-hls.ts";
import { browserAbilities, offersOf, type Playable, videoOf } from "./offers.ts";
import { SignedFolder } from "./signed-folder.ts";

/** The URLs of streams that have begun. A page that is shown again has the same ones, which may have expired by then. */
const begun = new Set<string>();

/**
 * Begins to load a complete stream that the page will play, while the page still loads its other code. The player
 * continues with it.
 */
export function beginStream(playback: Playable): void {
  const [best] = offersOf(playback, browserAbilities);
  if (best?.id !== "hls" || !playback.complete || begun.has(best.url)) return;
  begun.add(best.url);
  const { atSeconds } = firstPosition(videoOf(playback));
  // An error appears when the player starts.
  loadHls().then(
    ({ prepareHls }) => {
      // The HTML has just been signed. The player renews it.
      const fresh = { url: best.url, expiresAtMs: Number.POSITIVE_INFINITY };
      const folder = new SignedFolder(fresh, () => {});
      prepareHls({ url: best.url, folder, startSeconds: atSeconds, audio: undefined });
    },
    () => {},
  );
}
