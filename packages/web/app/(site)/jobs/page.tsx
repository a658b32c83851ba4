import type { Metadata } from "next";
import { Suspense } from "react";
import { JobListSkeleton } from "../../../features/jobs/job-list.tsx";
import { Videos } from "../videos.tsx";

export const metadata: Metadata = { title: "Videos" };

export default function JobsPage() {
  return (
    <Suspense fallback={<JobListSkeleton />}>
      <Videos heading="h1" />
    </Suspense>
  );
}
