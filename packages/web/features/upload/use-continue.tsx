"use client";

import type { Info as Upload } from "@rushes/core/upload/schema";
import { type ReactNode, useRef, useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { otherFileSentence } from "./unfinished-view.ts";
import { useProvided } from "./use-uploads.ts";

/**
 * Continues unfinished uploads. `input` belongs on the page, and `problems` has why an upload was not continued, by its id.
 *
 * @param onGone moves the focus, because the row of a continued upload is gone.
 */
export function useContinue(onGone: () => void): {
  problems: ReadonlyMap<string, string>;
  continueWith(upload: Upload): void;
  input: ReactNode;
} {
  const { engine } = useProvided();
  const chooser = useRef<HTMLInputElement>(null);
  const wanted = useRef<Upload>(undefined);
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());

  function report(upload: Upload, problem: string) {
    setProblems((before) => new Map(before).set(upload.id, problem));
    announce(problem);
  }

  function start(upload: Upload, file: File) {
    const problem = otherFileSentence(upload, file);
    if (problem) return report(upload, problem);
    engine.engine()?.continueUpload(upload, file);
    onGone();
  }

  function continueWith(upload: Upload) {
    wanted.current = upload;
    chooser.current?.click();
  }

  const input = (
    <input
      ref={chooser}
      hidden
      type="file"
      aria-label="File of an unfinished upload"
      onChange={({ target }) => {
        const [file] = target.files ?? [];
        if (file && wanted.current) start(wanted.current, file);
        target.value = "";
      }}
    />
  );
  return { problems, continueWith, input };
}
