"use client";

import type { Listed } from "@rushes/core/captions/schema";
import { type RefObject, useEffect, useRef, useState } from "react";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { CaptionsRow } from "./captions-row.tsx";
import type { useCaptions } from "./use-captions.ts";

type Props = {
  captions: ReturnType<typeof useCaptions>;
  /** Gets the focus when captions are removed. */
  panel: RefObject<HTMLElement | null>;
  onAnnounce(sentence: string): void;
};

/** The captions of a video, which can be renamed, downloaded and removed. */
export function CaptionsList({ captions: { list, update, remove }, panel, onAnnounce }: Props) {
  const [removing, setRemoving] = useState<Listed>();
  const returning = useRef(false);
  const captions = list.data ?? [];

  // The button that opened the dialog disappears with its row, so the focus has nowhere to return to.
  useEffect(() => {
    if (!removing && returning.current) panel.current?.focus();
    returning.current = false;
  }, [removing, panel]);

  function confirm() {
    if (!removing) return;
    remove.mutate(removing, {
      onSuccess() {
        returning.current = true;
        onAnnounce("Captions removed.");
      },
      onSettled: () => setRemoving(undefined),
    });
  }

  return (
    <>
      {remove.isError ? (
        <p role="alert" className="text-sm text-danger">
          {remove.error.message}
        </p>
      ) : null}
      {captions.length > 0 ? (
        <ul aria-label="Captions" className="divide-y divide-line border-t border-line">
          {captions.map((one) => (
            <CaptionsRow
              key={one.id}
              captions={one}
              update={update}
              onAnnounce={onAnnounce}
              onRemove={() => setRemoving(one)}
            />
          ))}
        </ul>
      ) : null}
      <ConfirmDialog
        open={removing !== undefined}
        title="Remove these captions?"
        confirmLabel="Remove"
        busy={remove.isPending}
        onConfirm={confirm}
        onCancel={() => setRemoving(undefined)}
      >
        “<bdi>{removing?.name}</bdi>” is deleted permanently.
      </ConfirmDialog>
    </>
  );
}
