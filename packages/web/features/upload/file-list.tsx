"use client";

import { Button } from "../../components/ui/button.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { FileRows } from "./file-rows.tsx";
import { useUploads } from "./provider.tsx";
import { ended, inFlight } from "./status.ts";
import { total } from "./view.ts";

/** The files on their way. `onEmptied` moves the focus when what had it is gone. */
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

/** What can be done with all files at once; each button only where it would do something. */
function Toolbar({ onCleared }: { onCleared(): void }) {
  const { state, engine } = useUploads();
  const onTheirWay = state.files.filter(inFlight);
  const atTheirEnd = state.files.filter(ended);
  const clear = () => {
    engine.dismiss(...atTheirEnd.map(({ key }) => key));
    onCleared();
  };
  const cancel = () => {
    engine.cancel(...onTheirWay.map(({ key }) => key));
    onCleared();
  };
  return (
    <div className="flex gap-2">
      {onTheirWay.length > 1 ? <Button onClick={cancel}>Cancel all</Button> : null}
      {atTheirEnd.length > 1 ? <Button onClick={clear}>Clear finished</Button> : null}
    </div>
  );
}
