import { formatBytes } from "@rushes/core/format";
import type { Listed } from "@rushes/core/job/schema";
import { memo } from "react";
import { Link } from "../../components/ui/link.tsx";
import { formatAge, formatMoment, formatTimecode } from "../../lib/format.ts";
import { useNow } from "../../lib/use-now.ts";
import { Poster } from "../poster/poster.tsx";
import type { JobList } from "./job-list.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { TagLink } from "./tag-link.tsx";

/** Posters that are visible when the page opens. */
const FIRST = 16;
const CELL = "px-3 py-2";
/** Columns that a phone has no room for. It shows the status below the name. */
const WIDE = "hidden sm:table-cell";

/** The list as a dense table. It has the same data as the cards. */
export function JobTable({
  jobs,
  selection,
  stale,
  onBrokenPoster,
}: Parameters<typeof JobList>[0]) {
  const now = useNow();
  return (
    <table aria-label="Videos" aria-busy={stale} className="w-full text-left text-sm">
      <thead className="text-muted">
        <tr className="border-b border-line whitespace-nowrap">
          <th className="w-11">
            <span className="sr-only">Selected</span>
          </th>
          <th scope="col" className={`${CELL} font-medium`}>
            Name
          </th>
          <th scope="col" className={`${CELL} ${WIDE} font-medium`}>
            Status
          </th>
          <th scope="col" className={`${CELL} ${WIDE} text-right font-medium`}>
            Length
          </th>
          <th scope="col" className={`${CELL} ${WIDE} text-right font-medium`}>
            Size
          </th>
          <th scope="col" className={`${CELL} ${WIDE} text-right font-medium`}>
            Uploaded
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job, index) => (
          <JobRow
            key={job.id}
            job={job}
            now={now}
            first={index < FIRST}
            selected={selection.has(job.id)}
            onToggle={selection.toggle}
            onBrokenPoster={onBrokenPoster}
          />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = {
  job: Listed;
  now: number;
  first: boolean;
  selected: boolean;
  onToggle(id: string): void;
  onBrokenPoster(): void;
};

/** Renders only when its own props change, as a card does. */
const JobRow = memo(function JobRow({
  job,
  now,
  first,
  selected,
  onToggle,
  onBrokenPoster,
}: RowProps) {
  const seconds = job.source.media?.durationSeconds;
  return (
    <tr
      data-job={job.id}
      data-status={job.status}
      className="border-b border-line hover:bg-sunken has-checked:bg-sunken"
    >
      <td className="text-center">
        <label className="inline-flex size-9 items-center justify-center pointer-coarse:size-11">
          <input
            type="checkbox"
            aria-label={`Select ${job.title}`}
            checked={selected}
            onChange={() => onToggle(job.id)}
            className="size-4.5 accent-(--accent)"
          />
        </label>
      </td>
      <td className={`${CELL} w-full max-w-0`}>
        <div className="flex items-center gap-3">
          <Poster
            url={job.posterUrl}
            first={first}
            onBroken={onBrokenPoster}
            className="w-16 shrink-0 rounded-sm"
          />
          <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
            <Link
              href={`/jobs/${job.id}`}
              title={job.title}
              className="line-clamp-2 min-w-0 font-medium hover:underline sm:block sm:truncate"
            >
              <bdi>{job.title}</bdi>
            </Link>
            <span className="w-full sm:hidden">
              <StatusBadge job={job} />
            </span>
            {job.tags?.map((tag) => (
              <TagLink key={tag} tag={tag} />
            ))}
            {job.failureMessage ? (
              <p
                className="line-clamp-2 w-full text-danger sm:line-clamp-1"
                title={job.failureMessage}
              >
                {job.failureMessage}
              </p>
            ) : null}
          </div>
        </div>
      </td>
      <td className={`${CELL} ${WIDE} whitespace-nowrap`}>
        <StatusBadge job={job} />
      </td>
      <td className={`${CELL} ${WIDE} text-right whitespace-nowrap tabular-nums`}>
        {seconds === undefined ? null : formatTimecode(seconds)}
      </td>
      <td className={`${CELL} ${WIDE} text-right whitespace-nowrap tabular-nums`}>
        {formatBytes(job.source.sizeBytes)}
      </td>
      <td className={`${CELL} ${WIDE} text-right whitespace-nowrap`}>
        <time dateTime={job.time.created} title={formatMoment(job.time.created)}>
          {formatAge(job.time.created, now)}
        </time>
      </td>
    </tr>
  );
});
