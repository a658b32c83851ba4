import Link from "next/link";
import { buttonClass } from "../../components/ui/button.tsx";

/** There is no such job, or there is none any more. */
export function JobMissing() {
  return (
    <div className="mx-auto max-w-lg space-y-4 py-16 text-center">
      <p aria-hidden="true" className="font-mono text-sm text-muted">
        404
      </p>
      <h1 className="text-2xl font-semibold tracking-tight">This video is not here</h1>
      <p className="text-muted">It may have been deleted, or the address may be incomplete.</p>
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
