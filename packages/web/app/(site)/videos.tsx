import { JobListSkeleton } from "../../features/jobs/job-list-skeleton.tsx";
import { JobsPanelSkeleton } from "../../features/jobs/jobs-panel-skeleton.tsx";
import { ListFields } from "../../features/jobs/list-fields.tsx";
import { NoJobs } from "../../features/jobs/no-jobs.tsx";
import { Queries } from "../../lib/api-client/queries.tsx";
import { LiveVideos } from "./live-videos.tsx";

/** The list of videos. The server renders its static parts. */
export function Videos({ heading }: { heading: "h1" | "h2" }) {
  return (
    <Queries fallback={<JobsPanelSkeleton heading={heading} />}>
      <LiveVideos
        heading={heading}
        fields={<ListFields />}
        skeleton={<JobListSkeleton />}
        noJobs={<NoJobs uploadHere={heading === "h2"} />}
      />
    </Queries>
  );
}
