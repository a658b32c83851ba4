"use client";

import { useEffect, useRef } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { isMissing } from "../../lib/api-client/call.ts";
import { Queries } from "../../lib/api-client/queries.tsx";
import { JobMissing } from "./job-missing.tsx";
import { JobView } from "./job-view.tsx";
import { statusAnnouncement } from "./status-announcement.ts";
import { useJob, useJobActions } from "./use-job.ts";

function Loading() {
  return (
    <div role="status" className="space-y-4">
      <span className="sr-only">Loading the video</span>
      <Skeleton className="h-9 w-2/3" />
      <Skeleton className="aspect-video w-full lg:w-2/3" />
    </div>
  );
}
export function JobPage({ id }: { id: string }) {
  return (
    <Queries fallback={<Loading />}>
      <LoadedJob id={id} />
    </Queries>
  );
}
function LoadedJob({ id }: { id: string }) {
  const actions = useJobActions(id);
  const { remove } = actions;
  const leaving = remove.isPending || remove.isSuccess;
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
  if (data) return <JobView details={data} actions={actions} interrupted={isError} />;
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
