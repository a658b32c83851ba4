import type { Listed } from "@rushes/core/job/schema";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { Poster } from "../poster/poster.tsx";

/** Takes the place of a job's page until its code has loaded. The poster is where the player will be. */
export function JobLoading({ job }: { job?: Pick<Listed, "title" | "posterUrl"> | undefined }) {
  return (
    <div className="space-y-10">
      <p role="status" className="sr-only">
        Loading the video
      </p>
      <div className="space-y-3">
        <Skeleton className="h-9 w-24" />
        {job ? (
          <h1 className="flex min-h-9 items-center text-2xl leading-tight font-semibold tracking-tight sm:text-3xl pointer-coarse:min-h-11">
            <bdi>{job.title}</bdi>
          </h1>
        ) : (
          <Skeleton className="h-9 w-2/3" />
        )}
        <Skeleton className="h-9 w-48" />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-10 lg:grid-cols-[minmax(0,1fr)_20rem]">
        {job?.posterUrl ? (
          <Poster url={job.posterUrl} className="max-h-[75dvh] w-full rounded-frame" first />
        ) : (
          <Skeleton className="aspect-video max-h-[75dvh] w-full" />
        )}
      </div>
    </div>
  );
}
