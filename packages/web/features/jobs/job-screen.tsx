"use client";

import { playing } from "@rushes/core/job/playing";
import type { Listed } from "@rushes/core/job/schema";
import { isTerminal } from "@rushes/core/job/status";
import type { Info as Playback } from "@rushes/core/playback/schema";
import { Player } from "../player/player.tsx";
import { Poster } from "./poster.tsx";

type Props = { job: Listed; playback?: Playback; refresh(): void };

/** The screen at the top of a job's page: the player as soon as one rendition has landed, before that its poster. */
export function JobScreen({ job, playback, refresh }: Props) {
  if (playback && playback.renditions.length > 0) {
    return (
      <Player
        key={`${job.id}/${playing(job).attempt}`}
        title={job.title}
        playback={playback}
        refresh={refresh}
      />
    );
  }
  const poster = job.posterUrl ?? playback?.posterUrl;
  // A large dark screen that will stay dark would only push the reason out of sight.
  if (!poster && isTerminal(job.status)) return null;
  return <Poster url={poster} className="w-full rounded-frame" first />;
}
