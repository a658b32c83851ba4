import Link from "next/link";
import { Button, buttonClass } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Notice } from "../../components/ui/notice.tsx";

/** Nothing has ever been uploaded: says how to begin. */
export function NoJobs({ uploadHere }: { uploadHere: boolean }) {
  return (
    <div className="rounded-frame border border-line bg-surface">
      <div aria-hidden="true" className="perforated mx-3 mt-3 h-2" />
      <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
        <Icon name="film" className="size-10 text-muted" />
        <p className="text-lg font-semibold">No videos yet</p>
        <p className="max-w-sm text-muted">
          Every video that you upload appears here and moves by itself until it is ready to play.
        </p>
        {uploadHere ? (
          <p className="text-muted">Drop a file above, or choose one, to begin.</p>
        ) : (
          <Link href="/" className={buttonClass("primary", "mt-2")}>
            <Icon name="upload" />
            Upload a video
          </Link>
        )}
      </div>
      <div aria-hidden="true" className="perforated mx-3 mb-3 h-2" />
    </div>
  );
}

/** Another user, whom an admin looks at, has none. */
export function NoJobsOf() {
  return (
    <Notice title="No videos yet">This user has not uploaded any, or has deleted them.</Notice>
  );
}

/** There are videos, but none that fits. */
export function NoResults({ onClear }: { onClear(): void }) {
  return (
    <Notice
      role="status"
      title="No video fits"
      actions={<Button onClick={onClear}>Show all videos</Button>}
    >
      The search looks at the beginning of the name. Try fewer letters or another status.
    </Notice>
  );
}

/** A page behind the last one, after its jobs were deleted. */
export function EmptyPage({ onNewest }: { onNewest(): void }) {
  return (
    <Notice
      title="Nothing on this page"
      actions={<Button onClick={onNewest}>Newest videos</Button>}
    />
  );
}

export function ListError({ message, onRetry }: { message: string; onRetry(): void }) {
  return (
    <Notice
      role="alert"
      tone="danger"
      title="The videos could not be loaded"
      actions={
        <Button onClick={onRetry}>
          <Icon name="retry" />
          Try again
        </Button>
      }
    >
      {message}
    </Notice>
  );
}
