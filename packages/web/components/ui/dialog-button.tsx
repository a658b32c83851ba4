"use client";

import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Deferred } from "./deferred.tsx";

type Props<M> = {
  icon: ReactNode;
  label: string;
  /** Imports the dialog. Must be the same function on every render. */
  load(): Promise<M>;
  children(code: M, dialog: { open: boolean; onClose(): void }): ReactNode;
};

/** A button that opens a dialog, whose code loads with the first use. */
export function DialogButton<M>({ icon, label, load, children }: Props<M>) {
  /** Undefined until it is first opened: only then is its code fetched. */
  const [open, setOpen] = useState<boolean>();
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        {icon}
        {label}
      </Button>
      {open === undefined ? null : (
        <Deferred load={load}>
          {(code) => children(code, { open, onClose: () => setOpen(false) })}
        </Deferred>
      )}
    </>
  );
}
