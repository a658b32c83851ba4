import type { Listed } from "@rushes/core/job/schema";
import { Progress } from "../../components/ui/progress.tsx";
import { progressBar } from "./status-view.ts";

/** The progress of a job that has not ended. */
export function JobBar({ job }: { job: Pick<Listed, "title" | "status" | "progressPercent"> }) {
  const bar = progressBar(job);
  if (bar.kind === "none") return null;
  return (
    <Progress
      label={`Progress of ${job.title}`}
      value={bar.kind === "percent" ? bar.percent : undefined}
    />
  );
}
