"use client";

import { type ReactNode, useEffect, useState } from "react";
import { type DroppedItem, droppedItems } from "./drop.ts";

type Props = {
  /** Called when files are dragged over the page. */
  onDragged(): void;
  onFiles(items: DroppedItem[]): void;
  /** Shown while files are over the page. */
  overlay: ReactNode;
};

/**
 * Accepts files that are dropped or pasted anywhere on any page. Without it, the browser would open a file that misses
 * the drop zone, and every upload would stop.
 */
export function PageDrop({ onDragged, onFiles, overlay }: Props) {
  const [over, setOver] = useState(false);

  useEffect(() => {
    const listeners = new AbortController();
    const listen = <K extends keyof WindowEventMap>(
      name: K,
      listener: (event: WindowEventMap[K]) => void,
    ) => window.addEventListener(name, listener, { signal: listeners.signal });
    const filesOf = (transfer: DataTransfer | null) =>
      transfer?.types.includes("Files") ? transfer : undefined;
    // Not only on dragenter: files may have entered before this page added the listener.
    for (const name of ["dragenter", "dragover"] as const) {
      listen(name, (event) => {
        const files = filesOf(event.dataTransfer);
        if (!files) return;
        event.preventDefault();
        files.dropEffect = "copy";
        setOver(true);
      });
    }
    // relatedTarget is null only when the pointer leaves the window, not when it moves between elements.
    listen("dragleave", (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    const accept = (event: Event, transfer: DataTransfer | null) => {
      const files = filesOf(transfer);
      if (!files) return;
      event.preventDefault();
      onFiles(droppedItems(files));
    };
    listen("drop", (event) => {
      setOver(false);
      accept(event, event.dataTransfer);
    });
    listen("paste", (event) => {
      const { clipboardData } = event;
      // Programs copy text with some files, such as their names. A text field takes that.
      const isText =
        clipboardData?.types.includes("text/plain") &&
        document.activeElement?.matches(":read-write");
      if (!isText) accept(event, clipboardData);
    });
    return () => listeners.abort();
  }, [onFiles]);

  useEffect(() => {
    if (over) onDragged();
  }, [over, onDragged]);

  return over ? overlay : null;
}
