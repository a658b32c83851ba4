"use client";

import { playing } from "@rushes/core/job/playing";
import { isTerminal } from "@rushes/core/job/status";
import { useCallback, useDeferredValue, useEffect } from "react";
import { Badge } from "../../components/ui/badge.tsx";
import { Deferred } from "../../components/ui/deferred.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Link } from "../../components/ui/link.tsx";
import { formatAge, formatMoment } from "../../lib/format.ts";
import { isolate } from "../../lib/isolate.ts";
import { useNow } from "../../lib/use-now.ts";
import { PosterChoice } from "../poster/poster-choice.tsx";
import { JobActions } from "./job-actions.tsx";
import { JobNotice } from "./job-notice.tsx";
import { JobScreen } from "./job-screen.tsx";
import { JobTitle } from "./job-title.tsx";
import { LiveToggle } from "./live-toggle.tsx";
import { RenditionTable } from "./rendition-table.tsx";
import { hasPicture } from "./rendition-view.ts";
import type { Initial, JobDetails } from "./requests.ts";
import { SourceFacts } from "./source-facts.tsx";
import { statusLabel, statusTone } from "./status-view.ts";
import { Timeline } from "./timeline.tsx";
import { useJobActions } from "./use-job-actions.ts";
import { usePlayback } from "./use-playback.ts";

const jobTags = () => import("./job-tags.tsx");

type Props = {
  details: JobDetails;
  initial: Initial | undefined;
  interrupted: boolean;
  /** This page deletes the job, or has failed to. */
  onLeaving(leaving: boolean): void;
};

/** A job's page, once its job has loaded. */
export function JobView({ details, initial, interrupted, onLeaving }: Props) {
  const { job, renditions, events } = details;
  const actions = useJobActions(job.id, onLeaving);
  const now = useNow();
  const { data: playback, refetch } = usePlayback(job, initial);
  const refresh = useCallback(() => void refetch(), [refetch]);
  // Rendered after the player has begun to load, and in a task of its own.
  const rest = useDeferredValue(true, false);
  const played = renditions.filter(({ attempt }) => attempt === playing(job).attempt);
  useEffect(() => {
    document.title = `${isolate(job.title)} · Rushes`;
  }, [job.title]);

  return (
    <article data-job={job.id} data-status={job.status} className="space-y-10">
      <header className="space-y-3">
        <Link
          href="/jobs"
          className="-ml-2 inline-flex min-h-9 items-center gap-1 rounded-lg px-2 text-sm text-muted hover:text-ink"
        >
          <Icon name="left" />
          All videos
        </Link>
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <JobTitle title={job.title} rename={actions.rename} />
          <JobActions job={job} actions={actions} />
        </div>
        <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted pointer-coarse:min-h-11">
          <Badge tone={statusTone(job.status)}>{statusLabel(job.status)}</Badge>
          {!isTerminal(job.status) && job.landed.includes("hls") ? (
            <Badge tone="ok">Playable</Badge>
          ) : null}
          {job.attempt > 1 ? <span>Attempt {job.attempt}</span> : null}
          <time dateTime={job.time.created} title={formatMoment(job.time.created)}>
            {formatAge(job.time.created, now)}
          </time>
          {isTerminal(job.status) ? null : <LiveToggle interrupted={interrupted} />}
          <Deferred load={jobTags} fallback={null}>
            {({ JobTags }) => <JobTags tags={job.tags ?? []} change={actions.tag} />}
          </Deferred>
        </div>
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-10 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-10">
          <div className="space-y-4">
            <JobScreen job={job} renditions={played} playback={playback} refresh={refresh} />
            {rest && played.some(hasPicture) ? (
              <PosterChoice job={job} playback={playback} />
            ) : null}
            <JobNotice job={job} />
          </div>
          {rest ? (
            <>
              <RenditionTable renditions={played} playback={playback} />
              <SourceFacts job={job} downloadUrl={playback?.sourceDownloadUrl} />
            </>
          ) : null}
        </div>
        {rest ? <Timeline events={events} /> : null}
      </div>
    </article>
  );
}
