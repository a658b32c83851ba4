import type { Listed } from "@rushes/core/job/schema";
import { isTerminal } from "@rushes/core/job/status";
import { buttonClass } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Link } from "../../components/ui/link.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { advice } from "./failure-view.ts";
import { JobBar } from "./job-bar.tsx";
import { statusSentence, timeLeft } from "./status-sentence.ts";

const keepsPlaying = ({ attempt }: NonNullable<Listed["earlier"]>) =>
  `The renditions of attempt ${attempt} keep playing until a newer attempt is complete.`;

/** The progress of a job in flight, or why it failed and what the user can do. */
export function JobNotice({ job }: { job: Listed }) {
  if (!isTerminal(job.status)) {
    return (
      <div className="space-y-2 rounded-frame border border-line bg-surface px-4 py-3.5 sm:px-5">
        <p className="text-sm font-medium tabular-nums">
          {statusSentence(job)} {timeLeft(job)}
        </p>
        <JobBar job={job} />
        {job.earlier ? <p className="text-sm text-muted">{keepsPlaying(job.earlier)}</p> : null}
      </div>
    );
  }
  if (job.status === "complete") {
    return job.warningMessages ? (
      <Notice title="The video is ready, with a warning">
        {job.warningMessages.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </Notice>
    ) : null;
  }
  if (job.status === "canceled") {
    return (
      <Notice title="Encoding was canceled">
        {job.earlier
          ? keepsPlaying(job.earlier)
          : "The source is kept. Try again to create its renditions."}
      </Notice>
    );
  }
  const help = job.failure && advice(job.failure);
  return (
    <Notice
      tone="danger"
      title={job.status === "rejected" ? "This file cannot be transcoded" : "Encoding failed"}
      actions={
        help?.again ? undefined : (
          <Link href="/" className={buttonClass()}>
            <Icon name="upload" />
            Upload another file
          </Link>
        )
      }
    >
      <p>{job.failureMessage ?? statusSentence(job)}</p>
      {help ? <p className="mt-1">{help.sentence}</p> : null}
      {job.earlier ? <p className="mt-1">{keepsPlaying(job.earlier)}</p> : null}
    </Notice>
  );
}
