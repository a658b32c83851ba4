"use client";

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import type { Engine } from "./engine.ts";
import { FileRow } from "./file-row.tsx";
import type { UploadFile } from "./upload-file.ts";
import type { RowAction } from "./view.ts";

/** A row with a one-line name, in pixels; rows are measured once they are rendered. */
const ROW_PX = 69;
/** The height of the list before the browser has measured it, in pixels. */
const LIST_PX = 480;

type Props = {
  files: readonly UploadFile[];
  engine: Pick<Engine, RowAction>;
  /** The keys of rows that are about to go. */
  leaving: ReadonlySet<string>;
  /** Moves the focus when a row is gone. */
  onDismissed(): void;
};

/**
 * The files of this page in a scrolling list. Only the visible rows and the focused one are rendered: a
 * thousand rows would block the page whenever they change.
 */
export function FileRows({ files, engine, leaving, onDismissed }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string>();
  const focusedIndex = focused ? files.findIndex((file) => file.key === focused) : -1;
  const rows = useVirtualizer({
    count: files.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => files[index]?.key ?? index,
    estimateSize: () => ROW_PX,
    initialRect: { width: 0, height: LIST_PX },
    overscan: 4,
    rangeExtractor(range) {
      const shown = defaultRangeExtractor(range);
      if (focusedIndex < 0 || shown.includes(focusedIndex)) return shown;
      return [...shown, focusedIndex].sort((a, b) => a - b);
    },
  });

  return (
    <div ref={scroller} className="max-h-[30rem] overflow-y-auto">
      <ul
        aria-label="Files"
        className="relative"
        style={{ height: rows.getTotalSize() }}
        onFocus={({ target }) => setFocused(target.closest("li")?.dataset.key)}
        onBlur={() => setFocused(undefined)}
      >
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const file = files[index];
          return file ? (
            <FileRow
              key={key}
              ref={rows.measureElement}
              file={file}
              engine={engine}
              isLeaving={leaving.has(file.key)}
              onDismissed={onDismissed}
              index={index}
              count={files.length}
              startPx={start}
            />
          ) : null;
        })}
      </ul>
    </div>
  );
}
