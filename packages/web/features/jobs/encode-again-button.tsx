"use client";

import type { Listed } from "@rushes/core/job/schema";
import { DialogButton } from "../../components/ui/dialog-button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { canRetry } from "./failure-view.ts";
import type { useJobActions } from "./use-job-actions.ts";

const load = () => import("./encode-again-dialog.tsx");

type Props = { job: Listed; retry: ReturnType<typeof useJobActions>["retry"] };

/** Opens the choice of a profile for another attempt. A job that ended without renditions also has "Try again". */
export function EncodeAgainButton({ job, retry }: Props) {
  return (
    <DialogButton
      icon={<Icon name="retry" />}
      label={canRetry(job) ? "Try another profile…" : "Encode again…"}
      load={load}
    >
      {({ EncodeAgainDialog }, dialog) => (
        <EncodeAgainDialog profile={job.profile} retry={retry} {...dialog} />
      )}
    </DialogButton>
  );
}
