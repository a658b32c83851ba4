"use client";

import { type ReactNode, useCallback, useEffect, useRef } from "react";
import { Button, buttonClass } from "../../components/ui/button.tsx";
import { useUploadPanel } from "./use-uploads.ts";

/** Containers that browsers do not include in `video/*`. */
const ACCEPT = "video/*,.mkv,.mov,.avi,.mxf,.ts,.m2ts,.mts,.wmv,.flv,.mpg,.webm";

/** Every browser supports this attribute, but React's types lack it. */
const FOLDER = { webkitdirectory: "" };

type Props = {
  /** The texts above and below the buttons. The server renders them. */
  title: ReactNode;
  note: ReactNode;
  /** A placeholder for the unfinished uploads. Absent if the user has none. */
  unfinished?: ReactNode;
};

/** The upload section: the drop zone, the buttons, and the list of files. */
export function UploadPanel({ title, note, unfinished }: Props) {
  const { engine, components, hasFiles } = useUploadPanel();
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const focusChoose = useCallback(() => choose.current?.focus(), []);
  useEffect(() => {
    if (unfinished) engine.load();
  }, [engine, unfinished]);

  return (
    // The pointer or the focus comes near before a user chooses files, so the code loads meanwhile.
    <section aria-label="Upload" onPointerEnter={engine.load} onFocus={engine.load}>
      <div className="overflow-hidden rounded-frame border border-dashed border-control bg-surface">
        <div aria-hidden="true" className="perforated h-2" />
        <div className="flex flex-col items-center gap-3 px-6 py-9 text-center sm:py-12">
          {title}
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
          {note}
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
          // Lets the user choose the same file again after a cancel.
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
      {components && hasFiles ? <components.FileList onEmptied={focusChoose} /> : null}
      {components ? (
        <components.UnfinishedList fallback={unfinished} onGone={focusChoose} />
      ) : (
        unfinished
      )}
    </section>
  );
}
