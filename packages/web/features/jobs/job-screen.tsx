"use client";

import { playing } from "@rushes/core/job/playing";
import type { Listed } from "@rushes/core/job/schema";
import { isTerminal } from "@rushes/core/job/status";
import type { Info as Playback } from "@rushes/core/playback/schema";
import type { Info as Rendition } from "@rushes/core/rendition/schema";
import { hasMedia, inOrder } from "../player/offers.ts";
import { Player } from "../player/player.tsx";
import { QualitySelect } from "../player/quality-select.tsx";
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
  if (playback && hasMedia(playback)) {
    return (
      <Player
        key={`${job.id}/${playing(job).attempt}`}
        title={job.title}
        playback={playback}
        refresh={refresh}
      />
    );
  }
  const kinds: readonly string[] = renditions.map(({ kind }) => kind);
  const adaptive = kinds.includes("hls");
  const choices = inOrder(
    renditions
      .filter(({ kind }) => kind === "mp4")
      .map(({ label, width, height }) => ({ id: label, width, height })),
  );
  const poster = job.posterUrl ?? playback?.posterUrl;
  // A large empty screen would only move the reason for the failure out of view.
  if (!poster && !adaptive && choices.length === 0 && isTerminal(job.status)) return null;
  // Has the size and the options of the player, so that nothing moves when the player appears.
  return (
    <div className="space-y-3">
      <Poster url={poster} className="max-h-[75dvh] w-full rounded-frame" first />
      {adaptive || choices[0] ? (
        <div inert aria-hidden="true">
          {adaptive ? (
            <QualitySelect levels={[]} current={undefined} chosen={undefined} onChoose={() => {}} />
          ) : choices[0] ? (
            <RenditionPicker choices={choices} value={choices[0].id} onChoose={() => {}} />
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
