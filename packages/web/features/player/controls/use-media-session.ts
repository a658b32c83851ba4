import { type RefObject, useEffect } from "react";

const STEP_SECONDS = 10;

/** Names the video in the controls of the operating system, and obeys their seek buttons. */
export function useMediaSession(
  video: RefObject<HTMLVideoElement | null>,
  title: string,
  poster: string | undefined,
): void {
  useEffect(() => {
    const session = navigator.mediaSession;
    if (!session) return;
    const artwork = poster === undefined ? [] : [{ src: poster }];
    session.metadata = new MediaMetadata({ title, artwork });
    const seek = (by: number) => () => {
      if (video.current) video.current.currentTime += by;
    };
    session.setActionHandler("seekbackward", seek(-STEP_SECONDS));
    session.setActionHandler("seekforward", seek(STEP_SECONDS));
    return () => {
      session.metadata = null;
      session.setActionHandler("seekbackward", null);
      session.setActionHandler("seekforward", null);
    };
  }, [video, title, poster]);
}
