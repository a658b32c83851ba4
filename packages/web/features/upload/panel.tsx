"use client";

import { type ChangeEvent, type ReactNode, useEffect, useRef } from "react";
import { Button, buttonClass } from "../../components/ui/button.tsx";
import { CHANNEL, useProvided } from "./use-uploads.ts";

/** Every browser supports this attribute, but React's types lack it. */
const FOLDER = { webkitdirectory: "" };

type Props = {
  /** The texts above and below the buttons. The server renders them. */
  title: ReactNode;
  note: ReactNode;
  /** Decorates the upper and the lower edge. */
  edge: ReactNode;
  /** The files that the browser's dialog offers. */
  accept: string;
  /** A placeholder for the unfinished uploads. Absent if the user has none. */
  unfinished?: ReactNode;
};

const accepts =
  (add: (files: File[]) => void) =>
  ({ target }: ChangeEvent<HTMLInputElement>) => {
    add([...(target.files ?? [])]);
    // Lets the user choose the same file again after a cancel.
    target.value = "";
  };

/** The upload section: the drop zone, the buttons, and the list of files. */
export function UploadPanel({ title, note, edge, accept, unfinished }: Props) {
  const { engine, components } = useProvided();
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);

  // Another tab uploads: the code shows it here.
  useEffect(() => {
    const others = new BroadcastChannel(CHANNEL);
    others.onmessage = engine.load;
    return () => others.close();
  }, [engine]);

  return (
    // The pointer or the focus comes near before a user chooses files, so the code loads meanwhile.
    <section aria-label="Upload" onPointerEnter={engine.load} onFocus={engine.load}>
      <div className="drop-frame">
        {edge}
        <div className="drop-zone">
          {title}
          <div className="flex flex-wrap justify-center gap-2">
            <button
              ref={choose}
              type="button"
              className={buttonClass("primary")}
              onClick={() => engine.choose(() => input.current?.click())}
            >
              Choose files
            </button>
            <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
          </div>
          {note}
        </div>
        {edge}
      </div>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        accept={accept}
        aria-label="Files to upload"
        onChange={accepts(engine.add)}
      />
      <input
        ref={folder}
        hidden
        type="file"
        {...FOLDER}
        aria-label="Folder to upload"
        onChange={accepts(engine.addFolder)}
      />
      {components ? (
        <components.UploadLists fallback={unfinished} onGone={() => choose.current?.focus()} />
      ) : unfinished ? (
        // Once it is on the page, the code that replaces it loads.
        <div ref={engine.load}>{unfinished}</div>
      ) : null}
    </section>
  );
}
