"use client";

import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { countVideos, useRemoveJobs } from "./use-remove-jobs.ts";
import type { useSelection } from "./use-selection.ts";

type Props = { selection: ReturnType<typeof useSelection> };

/** What can be done with the selected jobs. Stays in sight while there are any. */
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
      ) : null}
      {ids.length > 0 ? (
        <section
          aria-label="Selected videos"
          className="sticky bottom-4 z-20 mx-auto flex w-fit flex-wrap items-center gap-2 rounded-frame border border-control bg-surface p-2 pl-4 shadow-xl"
        >
          <p className="mr-2 text-sm font-medium">{countVideos(ids.length)} selected</p>
          <Button tone="quiet" onClick={selection.clear}>
            Clear
          </Button>
          <Button tone="danger" onClick={() => setAsking(true)}>
            <Icon name="trash" />
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
        The source and every rendition are deleted for good. Encoding that is under way stops.
      </ConfirmDialog>
    </>
  );
}
