import { Skeleton } from "../../components/ui/skeleton.tsx";
import { JobListSkeleton } from "./job-list-skeleton.tsx";

export function JobsPanelSkeleton({ heading: Heading }: { heading: "h1" | "h2" }) {
  return (
    <section aria-labelledby="videos" aria-busy="true" className="space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <Heading id="videos" className="text-2xl font-semibold tracking-tight">
          Videos
        </Heading>
        {/* As large as the toolbar: three rows on a phone. */}
        <Skeleton className="h-32.5 w-full sm:h-9 sm:w-180 pointer-coarse:h-37 sm:pointer-coarse:h-11" />
      </div>
      <JobListSkeleton />
    </section>
  );
}
