"use client";

import { playing } from "@rushes/core/job/playing";
import type { Listed } from "@rushes/core/job/schema";
import { isTerminal } from "@rushes/core/job/status";
import type { Info as Playback } from "@rushes/core/playback/schema";
import type { Info as Rendition } from "@rushes/core/rendition/schema";
import { LazyPlayer } from "../player/lazy-player.tsx";
import { hasMedia, inOrder } from "../player/offers.ts";
import { RenditionPicker } from "../player/rendition-picker.tsx";
import { Poster } from "../poster/poster.tsx";

type Props = {
  job: Listed;
  /** The renditions of the attempt that plays. */
  renditions: readonly Rendition[];
  playback?: Playback;
  refresh(): void;
};

/** The top of a job's page: the poster, and the player once the first rendition is ready. */
export function JobScreen({ job, renditions, playback, refresh }: Props) {
  const poster = job.posterUrl ?? playback?.posterUrl;
  const placeholder = <Placeholder job={job} renditions={renditions} poster={poster} />;
  if (!playback || !hasMedia(playback)) return placeholder;
  return (
    <LazyPlayer
      key={`${job.id}/${playing(job).attempt}`}
      title={job.title}
      playback={playback}
      refresh={refresh}
    >
      {placeholder}
    </LazyPlayer>
  );
}

type PlaceholderProps = Pick<Props, "job" | "renditions"> & { poster: string | undefined };

/** Has the size and the options of the player, so that nothing moves when the player appears. */
function Placeholder({ job, renditions, poster }: PlaceholderProps) {
  const kinds: readonly string[] = renditions.map(({ kind }) => kind);
  const adaptive = kinds.includes("hls");
  const choices = inOrder(
    renditions
      .filter(({ kind }) => kind === "mp4")
      .map(({ label, width, height }) => ({ id: label, width, height })),
  );
  // A large empty screen would only move the reason for the failure out of view.
  if (!poster && !adaptive && choices.length === 0 && isTerminal(job.status)) return null;
  return (
    <div className="space-y-3">
      <Poster url={poster} className="max-h-[75dvh] w-full rounded-frame" first />
      {!adaptive && choices[0] && choices.length > 1 ? (
        <div inert aria-hidden="true">
          <RenditionPicker choices={choices} value={choices[0].id} onChoose={() => {}} />
        </div>
      ) : null}
    </div>
  );
}
