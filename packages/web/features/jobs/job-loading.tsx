import { Skeleton } from "../../components/ui/skeleton.tsx";

/** Takes the place of a job's page until it has loaded. */
export function JobLoading() {
  return (
    <div role="status" className="space-y-4">
      <span className="sr-only">Loading the video</span>
      <Skeleton className="h-9 w-2/3" />
      <Skeleton className="aspect-video w-full lg:w-2/3" />
    </div>
  );
}
