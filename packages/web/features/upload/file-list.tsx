"use client";

import { canRetry } from "@rushes/core/transfer/upload-error";
import { useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import type { Engine } from "./engine.ts";
import { FileRows } from "./file-rows.tsx";
import { isPausable } from "./state.ts";
import { ended, inFlight } from "./status.ts";
import type { UploadFile } from "./upload-file.ts";
import { useUploads } from "./use-engine.ts";
import { useLeaving } from "./use-leaving.ts";
import { total } from "./view.ts";

/** The uploads of this page. `onEmptied` moves the focus when the focused element is gone. */
export function FileList({ onEmptied }: { onEmptied(): void }) {
  const { state, engine } = useUploads();
  const all = total(state);
  const list = useRef<HTMLDivElement>(null);
  const leaving = useLeaving(engine, list);
  if (!engine) return null;
  return (
    <div ref={list} className="mt-4 rounded-frame border border-line bg-surface">
      <div className="border-b border-line px-4 py-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <div className="mr-auto">
            <h2 className="text-sm font-semibold">{all?.title ?? "Uploads"}</h2>
            {all ? <p className="text-sm text-muted tabular-nums">{all.text}</p> : null}
          </div>
          <Toolbar files={state.files} engine={engine} onCleared={onEmptied} />
        </div>
        {all && all.active > 0 ? (
          <Progress label="All uploads" value={all.percent} className="mt-3" />
        ) : null}
      </div>
      <FileRows files={state.files} engine={engine} leaving={leaving} onDismissed={onEmptied} />
    </div>
  );
}

type ToolbarProps = {
  files: readonly UploadFile[];
  engine: Engine;
  /** Moves the focus when the button that had it is gone. */
  onCleared(): void;
};

/** Actions for all files at once. Each button appears only if it would do more than one of a row. */
function Toolbar({ files, engine, onCleared }: ToolbarProps) {
  const keysOf = (test: (file: UploadFile) => boolean) => files.filter(test).map(({ key }) => key);
  const active = keysOf(inFlight);
  const pausable = keysOf(isPausable);
  const failed = keysOf((file) => file.status === "failed" && canRetry(file.problem));
  const finished = keysOf(ended);
  const clearing = (act: () => void) => () => {
    act();
    onCleared();
  };
  return (
    <div className="flex flex-wrap gap-2">
      {active.length > 1 ? (
        // One button, so that the focus stays on it.
        <Button
          onClick={() =>
            pausable.length > 0 ? engine.pause(...pausable) : engine.resume(...active)
          }
        >
          {pausable.length > 0 ? "Pause all" : "Resume all"}
        </Button>
      ) : null}
      {active.length > 1 ? (
        <Button onClick={clearing(() => engine.cancel(...active))}>Cancel all</Button>
      ) : null}
      {failed.length > 1 ? (
        <Button onClick={clearing(() => engine.retry(...failed))}>Try all again</Button>
      ) : null}
      {finished.length > 1 ? (
        <Button onClick={clearing(() => engine.dismiss(...finished))}>Clear finished</Button>
      ) : null}
    </div>
  );
}
