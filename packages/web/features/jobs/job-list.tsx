import type { Listed } from "@rushes/core/job/schema";
import { cx } from "../../components/ui/class.ts";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { JobCard } from "./job-card.tsx";
import { useNow } from "./use-now.ts";
import type { useSelection } from "./use-selection.ts";

const GRID = "grid gap-3 sm:grid-cols-2 sm:gap-5 lg:grid-cols-3 xl:grid-cols-4";

type Props = {
  jobs: readonly Listed[];
  selection: ReturnType<typeof useSelection>;
  /** True while these are the jobs of the filter before. */
  stale: boolean;
  onBrokenPoster(): void;
};

export function JobList({ jobs, selection, stale, onBrokenPoster }: Props) {
  const now = useNow();
  return (
    <ul aria-label="Videos" aria-busy={stale} className={cx("group/list", GRID)}>
      {jobs.map((job) => (
        <JobCard
          key={job.id}
          job={job}
          now={now}
          selected={selection.has(job.id)}
          onToggle={() => selection.toggle(job.id)}
          onBrokenPoster={onBrokenPoster}
        />
      ))}
    </ul>
  );
}

/** The shape of the list before the first answer. */
export function JobListSkeleton() {
  return (
    <div role="status" className={GRID}>
      <span className="sr-only">Loading the videos</span>
      {["a", "b", "c", "d"].map((key) => (
        <div
          key={key}
          className="flex gap-4 rounded-frame border border-line bg-surface p-2 sm:flex-col sm:gap-0 sm:p-0"
        >
          <Skeleton className="aspect-video w-32 shrink-0 sm:w-full sm:rounded-b-none" />
          <div className="grow space-y-3 py-2 sm:p-4">
            <Skeleton className="h-4 w-3/4" />
            <Skeleton className="h-4 w-1/2" />
          </div>
        </div>
      ))}
    </div>
  );
}
