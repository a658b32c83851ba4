import { Skeleton } from "../../components/ui/skeleton.tsx";
export function JobListSkeleton() {
  return (
    <div role="status" className="card-grid">
      <span className="sr-only">Loading the videos</span>
      {[..."abcdefghijkl"].map((key) => (
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
