"use client";

import type { Listed } from "@rushes/core/job/schema";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { CaptionsButton } from "../captions/captions-button.tsx";
import { canShare } from "../share/can-share.ts";
import { ShareButton } from "../share/share-button.tsx";
import { EncodeAgainButton } from "./encode-again-button.tsx";
import { canEncodeAgain, canRetry } from "./failure-view.ts";
import { canCancel } from "./status-view.ts";
import type { useJobActions } from "./use-job-actions.ts";

type Props = { job: Listed; actions: ReturnType<typeof useJobActions> };
export function JobActions({ job, actions }: Props) {
  const { retry, cancel, remove } = actions;
  const [asking, setAsking] = useState(false);
  const router = useRouter();
  const failure = [retry, cancel, remove].find((action) => action.isError)?.error;

  function confirm() {
    remove.mutate(job.title, {
      onSettled: () => setAsking(false),
      onSuccess: () => router.push("/jobs"),
    });
  }

  return (
    <div className="flex flex-wrap items-center gap-2">
      {canCancel(job.status) ? (
        <Button onClick={() => cancel.mutate()} disabled={cancel.isPending || remove.isPending}>
          <Icon name="close" />
          {cancel.isPending ? "Canceling…" : "Cancel encoding"}
        </Button>
      ) : null}
      {canRetry(job) ? (
        <Button
          tone="primary"
          onClick={() => retry.mutate(undefined)}
          disabled={retry.isPending || remove.isPending}
        >
          <Icon name="retry" />
          Try again
        </Button>
      ) : null}
      {canEncodeAgain(job) ? <EncodeAgainButton job={job} retry={retry} /> : null}
      {canShare(job) ? <CaptionsButton jobId={job.id} /> : null}
      <ShareButton job={job} />
      <Button onClick={() => setAsking(true)} disabled={remove.isPending || remove.isSuccess}>
        <ActionIcon name="trash" />
        Delete
      </Button>
      {failure ? (
        <p role="alert" className="w-full text-sm text-danger">
          {failure.message}
        </p>
      ) : null}
      <ConfirmDialog
        open={asking}
        title="Delete this video?"
        confirmLabel="Delete"
        busy={remove.isPending}
        onConfirm={confirm}
        onCancel={() => setAsking(false)}
      >
        You can undo this for some seconds. Then “<bdi>{job.title}</bdi>”, its source and all
        renditions are deleted permanently.
      </ConfirmDialog>
    </div>
  );
}
