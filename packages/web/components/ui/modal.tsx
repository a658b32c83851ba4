"use client";

import { type ReactNode, useId } from "react";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { useDialog } from "./use-dialog.ts";

type Props = { open: boolean; title: string; children: ReactNode; onClose(): void };

/**
 * A dialog with a form. The native modal dialog traps the focus, closes on Escape and returns the focus. A click
 * outside does nothing, because that would lose the input.
 */
export function Modal({ open, title, children, onClose }: Props) {
  const ref = useDialog(open);
  const id = useId();

  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      closedby="closerequest"
      onClose={(event) => {
        // React bubbles the close event of a nested dialog up to here.
        if (event.target === ref.current) onClose();
      }}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(38rem,calc(100vw-2rem))] overflow-y-auto rounded-frame border border-line bg-surface p-5 text-ink shadow-2xl sm:p-6"
    >
      <div className="flex items-start justify-between gap-4">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        <IconButton label="Close" onClick={() => ref.current?.close()} className="-mt-1 -mr-1">
          <Icon name="close" />
        </IconButton>
      </div>
      {open ? children : null}
    </dialog>
  );
}
