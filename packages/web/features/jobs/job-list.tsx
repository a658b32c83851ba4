import type { Listed } from "@rushes/core/job/schema";
import { useNow } from "../../lib/use-now.ts";
import { JobCard } from "./job-card.tsx";
import type { useSelection } from "./use-selection.ts";

/** Posters that are visible when the page opens: two rows of the widest grid, more than a phone shows. */
const FIRST = 12;

type Props = {
  jobs: readonly Listed[];
  selection: ReturnType<typeof useSelection>;
  /** When the server listed them. */
  listed: string | undefined;
  /** True while these are the jobs of the previous filter. */
  stale: boolean;
  onBrokenPoster(): void;
};

export function JobList({ jobs, selection, listed, stale, onBrokenPoster }: Props) {
  const now = useNow(listed);
  return (
    <ul aria-label="Videos" aria-busy={stale} className="card-grid">
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
