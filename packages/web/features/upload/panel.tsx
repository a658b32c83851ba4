"use client";

import { useCallback, useRef } from "react";
import { Button, buttonClass } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Progress } from "../../components/ui/progress.tsx";
import { FileRow } from "./file-row.tsx";
import { useUploads } from "./provider.tsx";
import { ended, inFlight } from "./state.ts";
import { total } from "./view.ts";

/** Containers that browsers do not count among `video/*`. */
const ACCEPT = "video/*,.mkv,.mov,.avi,.mxf,.ts,.m2ts,.mts,.wmv,.flv,.mpg,.webm";

/** Every browser has this attribute; React's types do not. */
const FOLDER = { webkitdirectory: "" };

/** The upload part of the page: the frame to drop on, the button, and the files on their way. */
export function UploadPanel() {
  const { state, engine } = useUploads();
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const focusChoose = useCallback(() => choose.current?.focus(), []);
  const all = total(state);

  return (
    <section aria-label="Upload">
      <div className="overflow-hidden rounded-frame border border-dashed border-control bg-surface">
        <div aria-hidden="true" className="perforated h-2" />
        <div className="flex flex-col items-center gap-3 px-6 py-9 text-center sm:py-12">
          <Icon name="upload" className="size-8 text-accent" />
          <p className="text-lg font-semibold">Drop videos anywhere on this page</p>
          <div className="flex flex-wrap justify-center gap-2">
            <button
              ref={choose}
              type="button"
              className={buttonClass("primary")}
              onClick={() => input.current?.click()}
            >
              Choose files
            </button>
            <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
          </div>
          <p className="max-w-md text-sm text-muted">
            They go straight to your own storage. You get a mail when a video is ready to play.
          </p>
        </div>
        <div aria-hidden="true" className="perforated h-2" />
      </div>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        accept={ACCEPT}
        aria-label="Files to upload"
        onChange={(event) => {
          engine.add([...(event.target.files ?? [])]);
          // So that the same file can be chosen again after it was canceled.
          event.target.value = "";
        }}
      />
      <input
        ref={folder}
        hidden
        type="file"
        {...FOLDER}
        aria-label="Folder to upload"
        onChange={(event) => {
          engine.addFolder([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      {state.files.length > 0 ? (
        <div className="mt-4 rounded-frame border border-line bg-surface">
          <div className="border-b border-line px-4 py-3">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <div className="mr-auto">
                <h2 className="text-sm font-semibold">{all?.title ?? "Uploads"}</h2>
                {all ? <p className="text-sm text-muted tabular-nums">{all.text}</p> : null}
              </div>
              <Toolbar onCleared={focusChoose} />
            </div>
            {all && all.active > 0 ? (
              <Progress label="All uploads" value={all.percent} className="mt-3" />
            ) : null}
          </div>
          <ul aria-label="Files" className="divide-y divide-line">
            {state.files.map((file) => (
              <FileRow key={file.key} file={file} engine={engine} onDismissed={focusChoose} />
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  );
}

/** What can be done with all files at once; each button only where it would do something. */
function Toolbar({ onCleared }: { onCleared(): void }) {
  const { state, engine } = useUploads();
  const onTheirWay = state.files.filter(inFlight);
  const atTheirEnd = state.files.filter(ended);
  const clear = () => {
    for (const { key } of atTheirEnd) engine.dismiss(key);
    onCleared();
  };
  const cancel = () => {
    for (const { key } of onTheirWay) engine.cancel(key);
    onCleared();
  };
  return (
    <div className="flex gap-2">
      {onTheirWay.length > 1 ? <Button onClick={cancel}>Cancel all</Button> : null}
      {atTheirEnd.length > 1 ? <Button onClick={clear}>Clear finished</Button> : null}
    </div>
  );
}
