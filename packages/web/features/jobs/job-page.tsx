"use client";

import { useEffect, useRef, useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Deferred } from "../../components/ui/deferred.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { isMissing } from "../../lib/api-client/call.ts";
import { Queries } from "../../lib/api-client/queries.tsx";
import { usePlayerCode } from "../player/lazy-player.tsx";
import { JobMissing } from "./job-missing.tsx";
import { statusAnnouncement } from "./status-announcement.ts";
import { useJob } from "./use-job.ts";

function Loading() {
  return (
    <div role="status" className="space-y-4">
      <span className="sr-only">Loading the video</span>
      <Skeleton className="h-9 w-2/3" />
      <Skeleton className="aspect-video w-full lg:w-2/3" />
    </div>
  );
}

const load = () => import("./job-view.tsx");

/** Loads the job, and at the same time the code that shows it. */
export function JobPage({ id }: { id: string }) {
  usePlayerCode();
  useEffect(() => {
    // A failure appears when the code is needed.
    load().catch(() => {});
  }, []);
  return (
    <Queries fallback={<Loading />}>
      <LoadedJob id={id} />
    </Queries>
  );
}
function LoadedJob({ id }: { id: string }) {
  const [leaving, setLeaving] = useState(false);
  const { data, error, isError, refetch } = useJob(id, leaving);
  const job = data?.job;
  const status = useRef(job?.status);

  useEffect(() => {
    if (!job) return;
    const announcement = statusAnnouncement(status.current, job);
    status.current = job.status;
    if (announcement) announce(announcement);
  }, [job]);

  // A running poll may find the job deleted before the router has left this page.
  if (isMissing(error) && !leaving) return <JobMissing deleted={data !== undefined} />;
  if (data) {
    return (
      <Deferred load={load} fallback={<Loading />}>
        {({ JobView }) => <JobView details={data} interrupted={isError} onLeaving={setLeaving} />}
      </Deferred>
    );
  }
  if (!isError) return <Loading />;
  return (
    <Notice
      role="alert"
      tone="danger"
      title="The video could not be loaded"
      actions={
        <Button onClick={() => void refetch()}>
          <Icon name="retry" />
          Try again
        </Button>
      }
    >
      {error.message}
    </Notice>
  );
}
