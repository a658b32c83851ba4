"use client";

import type { Info as Upload } from "@rushes/core/upload/schema";
import { type ReactNode, useRef, useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { REOPEN_SENTENCES, reopenFile } from "./reopen-file.ts";
import { otherFileSentence } from "./unfinished-view.ts";
import { useKeptFiles } from "./use-kept-files.ts";
import { useProvided } from "./use-uploads.ts";

/**
 * Continues unfinished uploads: with the file that the browser keeps, or else with one that the user chooses. `input`
 * belongs on the page, and `problems` has why an upload was not continued, by its id.
 *
 * @param open all open uploads of the user.
 * @param onGone moves the focus, because the row of a continued upload is gone.
 */
export function useContinue(
  open: readonly Upload[] | undefined,
  onGone: () => void,
): {
  problems: ReadonlyMap<string, string>;
  /** True if one click continues the upload, without choosing the file. */
  isKept(upload: Upload): boolean;
  continueWith(upload: Upload): void;
  input: ReactNode;
} {
  const { engine } = useProvided();
  const chooser = useRef<HTMLInputElement>(null);
  const { kept, drop } = useKeptFiles(open);
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

  async function continueWith(upload: Upload) {
    const file = kept.get(upload.id);
    if (!file) {
      wanted.current = upload;
      chooser.current?.click();
      return;
    }
    const reopened = await reopenFile(file, { ask: true });
    if (reopened instanceof File) return start(upload, reopened);
    if (reopened !== "denied") drop(upload.id);
    report(upload, REOPEN_SENTENCES[reopened](upload.fileName));
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
  return {
    problems,
    isKept: ({ id }) => kept.has(id),
    continueWith: (upload) => void continueWith(upload),
    input,
  };
}
