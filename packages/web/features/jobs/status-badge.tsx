import type { Listed } from "@rushes/core/job/schema";
import { Badge } from "../../components/ui/badge.tsx";
import { statusLabel, statusTone } from "./status-view.ts";

type Props = { job: Pick<Listed, "status" | "progressPercent"> };

/** The status of a job in a list, with the percentage of its encode. */
export function StatusBadge({ job: { status, progressPercent } }: Props) {
  return (
    <Badge tone={statusTone(status)}>
      {statusLabel(status)}
      {status === "progressing" ? <span className="tabular-nums">{progressPercent} %</span> : null}
    </Badge>
  );
}
