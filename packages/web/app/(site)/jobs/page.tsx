import type { Metadata } from "next";
import { Queries } from "../../../features/api/queries.tsx";
import { JobsPanelSkeleton } from "../../../features/jobs/jobs-panel-skeleton.tsx";
import { Videos } from "../videos.tsx";

export const metadata: Metadata = { title: "Videos" };

export default function JobsPage() {
  return (
    <Queries fallback={<JobsPanelSkeleton heading="h1" />}>
      <Videos heading="h1" />
    </Queries>
  );
}
