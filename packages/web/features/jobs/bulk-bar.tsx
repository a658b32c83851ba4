"use client";

import { useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { countVideos, useRemoveJobs } from "./use-remove-jobs.ts";
import type { useSelection } from "./use-selection.ts";

type Props = { selection: ReturnType<typeof useSelection> };

/**
 * The actions for the selected jobs, next to "Select all". A bar that floats over the list would cover the checkboxes
 * and links of its cards.
 */
export function BulkBar({ selection }: Props) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveJobs();
  const { ids } = selection;
  const failed = remove.data?.failed ?? [];

  function confirm() {
    remove.mutate(ids, {
      onSettled: () => setAsking(false),
      onSuccess: () => selection.clear(),
    });
  }

  return (
    <>
      {remove.isError || failed.length > 0 ? (
        <div className="order-last w-full">
          <Notice
            role="alert"
            tone="danger"
            title={
              remove.isError
                ? "Nothing was deleted"
                : `${countVideos(failed.length)} could not be deleted`
            }
            actions={<Button onClick={() => remove.reset()}>Dismiss</Button>}
          >
            {remove.isError ? remove.error.message : failed[0]?.message}
          </Notice>
        </div>
      ) : null}
      {ids.length > 0 ? (
        <section aria-label="Selected videos" className="flex flex-wrap items-center gap-2">
          <p className="mr-2 text-sm font-medium">{countVideos(ids.length)} selected</p>
          <Button tone="quiet" onClick={selection.clear}>
            Clear
          </Button>
          <Button tone="danger" onClick={() => setAsking(true)}>
            <ActionIcon name="trash" />
            Delete
          </Button>
        </section>
      ) : null}
      <ConfirmDialog
        open={asking}
        title={`Delete ${countVideos(ids.length)}?`}
        confirmLabel="Delete"
        busy={remove.isPending}
        onConfirm={confirm}
        onCancel={() => setAsking(false)}
      >
        This permanently deletes the source and all renditions, and stops encoding.
      </ConfirmDialog>
    </>
  );
}
