import { cookies } from "next/headers";
import { JobListSkeleton } from "../../features/jobs/job-list-skeleton.tsx";
import { JobsPanelSkeleton } from "../../features/jobs/jobs-panel-skeleton.tsx";
import { ListFields } from "../../features/jobs/list-fields.tsx";
import type { FirstPage } from "../../features/jobs/list-requests.ts";
import { parseView, VIEW_COOKIE } from "../../features/jobs/list-view.ts";
import { NoJobs } from "../../features/jobs/no-jobs.tsx";
import { Queries } from "../../lib/api-client/queries.tsx";
import { LiveVideos } from "./live-videos.tsx";

type Props = { heading: "h1" | "h2"; first: FirstPage | undefined };

/** The list of videos. The server renders its static parts, and the list itself if the page has its first page. */
export async function Videos({ heading, first }: Props) {
  const view = parseView((await cookies()).get(VIEW_COOKIE)?.value);
  return (
    <Queries fallback={<JobsPanelSkeleton heading={heading} />} inHtml={first !== undefined}>
      <LiveVideos
        heading={heading}
        first={first}
        firstView={view}
        fields={<ListFields />}
        skeleton={<JobListSkeleton />}
        noJobs={<NoJobs uploadHere={heading === "h2"} />}
      />
    </Queries>
  );
}
