import { buttonClass } from "../../components/ui/button.tsx";
import { Link } from "../../components/ui/link.tsx";

/** The job does not exist, or was `deleted` while it was on this page. */
export function JobMissing({ deleted = false }: { deleted?: boolean }) {
  return (
    <div className="mx-auto max-w-lg space-y-4 py-16 text-center">
      {deleted ? null : (
        <p aria-hidden="true" className="font-mono text-sm text-muted">
          404
        </p>
      )}
      <h1 className="text-2xl font-semibold tracking-tight">
        {deleted ? "This video was deleted" : "Video not found"}
      </h1>
      <p role={deleted ? "alert" : undefined} className="text-muted">
        {deleted
          ? "Someone deleted it while this page was open. It can no longer be played."
          : "It may have been deleted, or the URL may be incomplete."}
      </p>
      <div className="flex justify-center gap-2">
        <Link href="/jobs" className={buttonClass("primary")}>
          All videos
        </Link>
        <Link href="/" className={buttonClass()}>
          Upload a video
        </Link>
      </div>
    </div>
  );
}
