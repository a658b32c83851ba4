"use client";

import { useState } from "react";
import type { ConfirmDialogProps } from "./confirm-dialog.tsx";
import { Deferred } from "./deferred.tsx";

const load = () => import("./confirm-dialog.tsx");

/** Asks for confirmation before an action that cannot be undone. Its code loads with the first use. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [wanted, setWanted] = useState(props.open);
  if (props.open && !wanted) setWanted(true);
  if (!wanted) return null;
  return <Deferred load={load}>{(code) => <code.ConfirmDialog {...props} />}</Deferred>;
}
