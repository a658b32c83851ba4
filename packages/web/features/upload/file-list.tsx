"use client";

import { Button } from "../../components/ui/button.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { FileRows } from "./file-rows.tsx";
import { ended, inFlight } from "./status.ts";
import { useUploads } from "./use-uploads.ts";
import { total } from "./view.ts";

/** The uploads of this page. `onEmptied` moves the focus when the focused element is gone. */
export function FileList({ onEmptied }: { onEmptied(): void }) {
  const { state, engine } = useUploads();
  const all = total(state);
  return (
    <div className="mt-4 rounded-frame border border-line bg-surface">
      <div className="border-b border-line px-4 py-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <div className="mr-auto">
            <h2 className="text-sm font-semibold">{all?.title ?? "Uploads"}</h2>
            {all ? <p className="text-sm text-muted tabular-nums">{all.text}</p> : null}
          </div>
          <Toolbar onCleared={onEmptied} />
        </div>
        {all && all.active > 0 ? (
          <Progress label="All uploads" value={all.percent} className="mt-3" />
        ) : null}
      </div>
      <FileRows files={state.files} engine={engine} onDismissed={onEmptied} />
    </div>
  );
}

/** Actions for all files at once. Each button appears only if it would do something. */
function Toolbar({ onCleared }: { onCleared(): void }) {
  const { state, engine } = useUploads();
  const active = state.files.filter(inFlight);
  const finished = state.files.filter(ended);
  const clear = () => {
    engine.dismiss(...finished.map(({ key }) => key));
    onCleared();
  };
  const cancel = () => {
    engine.cancel(...active.map(({ key }) => key));
    onCleared();
  };
  return (
    <div className="flex gap-2">
      {active.length > 1 ? <Button onClick={cancel}>Cancel all</Button> : null}
      {finished.length > 1 ? <Button onClick={clear}>Clear finished</Button> : null}
    </div>
  );
}
