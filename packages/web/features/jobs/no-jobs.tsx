import { buttonClass } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Link } from "../../components/ui/link.tsx";
export function NoJobs({ uploadHere }: { uploadHere: boolean }) {
  return (
    <div className="rounded-frame border border-line bg-surface">
      <div aria-hidden="true" className="perforated mx-3 mt-3 h-2" />
      <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
        <Icon name="video" className="size-10 text-muted" />
        <p className="text-lg font-semibold">No videos yet</p>
        <p className="max-w-sm text-muted">
          Every video that you upload appears here and updates as it's processed.
        </p>
        {uploadHere ? (
          <p className="text-muted">Choose a file above to begin.</p>
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
