"use client";

import { useEffect, useRef, useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { isMissing } from "../../lib/api-client/call.ts";
import { Queries } from "../../lib/api-client/queries.tsx";
import { JobLoading } from "./job-loading.tsx";
import { JobMissing } from "./job-missing.tsx";
import { JobView } from "./job-view.tsx";
import type { Initial } from "./requests.ts";
import { statusAnnouncement } from "./status-announcement.ts";
import { useJob } from "./use-job.ts";

type Props = { id: string; initial: Initial | undefined };

/** The page of a job. Import it only dynamically: everything that the page does not need to begin is in it. */
export function LoadedJob(props: Props) {
  return (
    <Queries fallback={<JobLoading />}>
      <QueriedJob {...props} />
    </Queries>
  );
}

function QueriedJob({ id, initial }: Props) {
  const [leaving, setLeaving] = useState(false);
  const { data, error, isError, refetch } = useJob(id, leaving, initial);
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
      <JobView details={data} initial={initial} interrupted={isError} onLeaving={setLeaving} />
    );
  }
  if (!isError) return <JobLoading />;
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
