"use client";

import { type ReactNode, useEffect, useState } from "react";
import { type DroppedItem, droppedItems } from "./drop.ts";

type Props = {
  /** Called when files are dragged over the page. */
  onDragged(): void;
  onDrop(dropped: DroppedItem[]): void;
  /** Shown while files are over the page. */
  overlay: ReactNode;
};

/**
 * Accepts files that are dropped anywhere on any page. Without it, the browser would open a file that misses the drop
 * zone, and every upload would stop.
 */
export function PageDrop({ onDragged, onDrop, overlay }: Props) {
  const [over, setOver] = useState(false);

  useEffect(() => {
    const listeners = new AbortController();
    const listen = <K extends keyof WindowEventMap>(
      name: K,
      listener: (event: WindowEventMap[K]) => void,
    ) => window.addEventListener(name, listener, { signal: listeners.signal });
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    // Not only on dragenter: files may have entered before this page added the listener.
    for (const name of ["dragenter", "dragover"] as const) {
      listen(name, (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
        setOver(true);
      });
    }
    // relatedTarget is null only when the pointer leaves the window, not when it moves between elements.
    listen("dragleave", (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    listen("drop", (event) => {
      setOver(false);
      if (!carriesFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      onDrop(droppedItems(event.dataTransfer));
    });
    return () => listeners.abort();
  }, [onDrop]);

  useEffect(() => {
    if (over) onDragged();
  }, [over, onDragged]);

  return over ? overlay : null;
}
