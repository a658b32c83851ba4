import type { Listed } from "@rushes/core/job/schema";
import { useNow } from "../../lib/use-now.ts";
import { GRID } from "./grid.ts";
import { JobCard } from "./job-card.tsx";
import type { useSelection } from "./use-selection.ts";

/** Posters that are visible when the page opens: two rows of the widest grid, more than a phone shows. */
const FIRST = 12;

type Props = {
  jobs: readonly Listed[];
  selection: ReturnType<typeof useSelection>;
  /** True while these are the jobs of the previous filter. */
  stale: boolean;
  onBrokenPoster(): void;
};

export function JobList({ jobs, selection, stale, onBrokenPoster }: Props) {
  const now = useNow();
  return (
    <ul aria-label="Videos" aria-busy={stale} className={GRID}>
      {jobs.map((job, index) => (
        <JobCard
          key={job.id}
          job={job}
          now={now}
          first={index < FIRST}
          selected={selection.has(job.id)}
          onToggle={selection.toggle}
          onBrokenPoster={onBrokenPoster}
        />
      ))}
    </ul>
  );
}
