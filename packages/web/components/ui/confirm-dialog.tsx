"use client";

import { type ReactNode, useId } from "react";
import { Button, type Tone } from "./button.tsx";
import { useDialog } from "./use-dialog.ts";

export type ConfirmDialogProps = {
  open: boolean;
  title: string;
  children: ReactNode;
  confirmLabel: string;
  confirmTone?: Tone;
  /** True while the confirmed action runs. Disables both buttons. */
  busy?: boolean;
  onConfirm(): void;
  /** Escape, the backdrop or "Keep": nothing happens. */
  onCancel(): void;
  cancelLabel?: string;
};

/**
 * Asks for confirmation before an action that cannot be undone. The native modal dialog traps the focus, closes on
 * Escape and returns the focus. The harmless button has the initial focus.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, title, children, confirmLabel, confirmTone = "danger", busy, cancelLabel } = props;
  const ref = useDialog(open);
  const id = useId();

  return (
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-body`}
      closedby="any"
      onClose={props.onCancel}
      onCancel={(event) => {
        if (busy) event.preventDefault();
      }}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-frame border border-line bg-surface p-6 text-ink shadow-2xl"
    >
      <h2 id={`${id}-title`} className="text-lg font-semibold">
        {title}
      </h2>
      <div id={`${id}-body`} className="mt-2 text-sm text-muted">
        {children}
      </div>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button onClick={() => ref.current?.close()} disabled={busy}>
          {cancelLabel ?? "Keep"}
        </Button>
        <Button tone={confirmTone} onClick={props.onConfirm} disabled={busy}>
          {confirmLabel}
        </Button>
      </div>
    </dialog>
  );
}
