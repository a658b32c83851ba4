import { cookies } from "next/headers";
import { firstPage, type Query } from "../../features/jobs/first-page.ts";
import { JobListSkeleton } from "../../features/jobs/job-list-skeleton.tsx";
import { JobsPanelSkeleton } from "../../features/jobs/jobs-panel-skeleton.tsx";
import { ListFields } from "../../features/jobs/list-fields.tsx";
import { parseView, VIEW_COOKIE } from "../../features/jobs/list-view.ts";
import { NoJobs } from "../../features/jobs/no-jobs.tsx";
import { Queries } from "../../lib/api-client/queries.tsx";
import { LiveVideos } from "./live-videos.tsx";

type Props = { heading: "h1" | "h2"; query: Promise<Query> };

/** The list of videos. The server renders its static parts, and the list itself where a page load begins with it. */
export async function Videos({ heading, query }: Props) {
  const view = parseView((await cookies()).get(VIEW_COOKIE)?.value);
  const first = await firstPage(await query);
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
