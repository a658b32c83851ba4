"use client";

import type { ReactNode } from "react";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { LazyPlayer, loadPlayer } from "../player/lazy-player.tsx";
import { hasMedia } from "../player/offers.ts";
import { PasswordForm } from "./password-form.tsx";
import { useWatch } from "./use-watch.ts";
import type { WatchResult } from "./watch-result.ts";
import type { State } from "./watch-state.ts";

type Props = {
  address: string;
  /** Undefined if the server has not asked what the link opens. */
  first: WatchResult | undefined;
  /** Shows only the player, as large as the frame. */
  fill?: boolean;
  /** Renders the content around the player, once there is a player. */
  children?: (title: string, player: ReactNode) => ReactNode;
};

/** A short text instead of a video. */
function Lines({
  title,
  children,
  alert,
}: {
  title: string;
  children?: ReactNode;
  alert?: boolean;
}) {
  return (
    <div
      role={alert ? "alert" : undefined}
      className="mx-auto flex max-w-lg flex-col items-center gap-3 text-center"
    >
      <h1 className="text-xl font-semibold tracking-tight">
        <bdi>{title}</bdi>
      </h1>
      {children}
    </div>
  );
}

function Closed({ watched }: Extract<State, { phase: "closed" }>) {
  return (
    <Lines
      title={watched ? "This link has expired" : "This video is not available"}
      alert={watched}
    >
      <p className="text-muted">
        {watched
          ? "The video is no longer shared. Ask the person who sent you the link for a new one."
          : "This link has expired, was revoked, or is incomplete. Ask the person who sent it to you."}
      </p>
    </Lines>
  );
}

/** The poster in the place of the player, until its code has loaded. */
function Still({ url, fill }: { url: string | undefined; fill: boolean }) {
  return (
    <div
      className={cx(
        "overflow-hidden bg-screen",
        fill ? "h-full" : "aspect-video max-h-[75dvh] rounded-frame",
      )}
    >
      {url === undefined ? null : (
        // biome-ignore lint/performance/noImgElement: signed URLs point to the CDN. An image proxy would break them.
        <img src={url} alt="" fetchPriority="high" className="size-full object-contain" />
      )}
    </div>
  );
}

const alone = (title: string, player: ReactNode) => (
  <>
    <h1 className="sr-only">
      <bdi>{title}</bdi>
    </h1>
    {player}
  </>
);

/** The page of a share link: the video, or why it cannot play. */
export function Visitor({ address, first, fill = false, children = alone }: Props) {
  const { state, busy, ask, refresh } = useWatch(address, first);
  loadPlayer(
    state.phase === "open" && state.video.playback.hls !== undefined,
    first?.type === "opened" ? first.video.playback : undefined,
  );
  if (state.phase === "open" && hasMedia(state.video.playback)) {
    const { title, playback } = state.video;
    return children(
      title,
      <LazyPlayer title={title} playback={playback} refresh={refresh} fill={fill} isVisitor>
        <Still url={playback.posterUrl} fill={fill} />
      </LazyPlayer>,
    );
  }
  return (
    <div
      aria-busy={state.phase === "asking"}
      className="flex min-h-full flex-col justify-center px-4 py-10"
    >
      {state.phase === "asking" ? <p className="sr-only">Loading the video…</p> : null}
      {state.phase === "open" ? (
        <Lines title={state.video.title}>
          <p role="status" className="text-muted">
            The video is still being processed. It starts here when it is ready.
          </p>
        </Lines>
      ) : null}
      {state.phase === "locked" ? (
        <PasswordForm
          problem={state.problem}
          busy={busy}
          onSubmit={(password) => void ask(password)}
        />
      ) : null}
      {state.phase === "closed" ? <Closed {...state} /> : null}
      {state.phase === "failed" ? (
        <Lines title="The video could not be loaded" alert>
          <p className="text-muted">{state.message}</p>
          <Button onClick={refresh} aria-disabled={busy}>
            Try again
          </Button>
        </Lines>
      ) : null}
    </div>
  );
}
