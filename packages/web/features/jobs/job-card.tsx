import { formatBytes, formatSpan } from "@rushes/core/format";
import type { Listed } from "@rushes/core/job/schema";
import { memo } from "react";
import { Link } from "../../components/ui/link.tsx";
import { formatAge, formatMoment, formatTimecode } from "../../lib/format.ts";
import { Poster } from "../poster/poster.tsx";
import { JobBar } from "./job-bar.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { TagLink } from "./tag-link.tsx";

type Props = {
  job: Listed;
  now: number;
  selected: boolean;
  /** True for a card that is visible when the page opens. */
  first: boolean;
  onToggle(id: string): void;
  onBrokenPoster(): void;
};

function Length({ seconds }: { seconds: number }) {
  return (
    <span className="card-length">
      <span className="sr-only">Length {formatSpan(seconds * 1000)}</span>
      <span aria-hidden="true">{formatTimecode(seconds)}</span>
    </span>
  );
}

/** Hidden from a mouse until the pointer or the focus is on the card, or something is selected. */
function SelectBox({ job, selected, onToggle }: Pick<Props, "job" | "selected" | "onToggle">) {
  return (
    <label className="card-box">
      <input
        type="checkbox"
        aria-label={`Select ${job.title}`}
        checked={selected}
        onChange={() => onToggle(job.id)}
        className="size-5 rounded-sm shadow-md accent-(--accent)"
      />
    </label>
  );
}

/**
 * One job: a row on a phone, a frame in a grid on wider screens. The whole card links to the job's page. Renders only
 * when its own props change: a list has up to a hundred cards, and changes every second.
 */
export const JobCard = memo(function JobCard({
  job,
  now,
  selected,
  first,
  onToggle,
  onBrokenPoster,
}: Props) {
  const seconds = job.source.media?.durationSeconds;
  return (
    <li data-job={job.id} data-status={job.status} className="group card">
      <div className="relative w-32 shrink-0 self-start sm:w-full">
        <Poster
          url={job.posterUrl}
          first={first}
          onBroken={onBrokenPoster}
          className="card-poster"
        />
        {seconds === undefined ? null : <Length seconds={seconds} />}
        <SelectBox job={job} selected={selected} onToggle={onToggle} />
      </div>
      <div className="card-text">
        <p className="line-clamp-2 leading-snug font-semibold">
          <Link href={`/jobs/${job.id}`} className="card-link">
            <bdi>{job.title}</bdi>
          </Link>
        </p>
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm text-muted">
          <StatusBadge job={job} />
          <span className="sm:ml-auto">{formatBytes(job.source.sizeBytes)}</span>
          <time
            dateTime={job.time.created}
            // Not earlier: the server does not know the reader's time zone.
            onPointerEnter={({ currentTarget }) => {
              currentTarget.title = formatMoment(job.time.created);
            }}
          >
            {formatAge(job.time.created, now)}
          </time>
        </p>
        {job.tags?.length ? (
          // Above the link that covers the card.
          <ul className="relative z-10 flex flex-wrap gap-1">
            {job.tags.map((tag) => (
              <li key={tag} className="max-w-full">
                <TagLink tag={tag} />
              </li>
            ))}
          </ul>
        ) : null}
        <JobBar job={job} />
        {job.failureMessage ? (
          <p className="line-clamp-3 text-sm text-danger">{job.failureMessage}</p>
        ) : null}
      </div>
    </li>
  );
});
