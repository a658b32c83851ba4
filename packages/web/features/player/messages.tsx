import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";

/** Announced when the playhead has to wait for the encoder. */
export function Waiting({ shown }: { shown: boolean }) {
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-x-4 bottom-20 flex justify-center text-center text-sm text-white"
    >
      {shown ? (
        <p className="rounded-lg bg-black/75 px-3 py-2">
          The rest of the video is still being encoded. Playback continues by itself.
        </p>
      ) : null}
    </div>
  );
}

const COVER =
  "flex flex-col items-center justify-center gap-3 bg-screen p-4 text-center text-white";

/** Covers the picture when nothing plays. */
export function Failed({ original, onRetry }: { original: boolean; onRetry(): void }) {
  return (
    <div role="alert" className={cx("absolute inset-0", COVER)}>
      <p>
        {original
          ? "This browser cannot play the original. The video plays here as soon as its first part is encoded."
          : "This video cannot be played right now."}
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}

/** Takes the place of a player that this browser cannot have. */
export function Unplayable({ fill }: { fill: boolean }) {
  return (
    <div role="alert" className={cx(COVER, fill ? "h-full" : "aspect-video rounded-frame")}>
      <p>This browser cannot play adaptive video. Open this page in a current browser.</p>
    </div>
  );
}
