"use client";

import type { ReactNode } from "react";
import { FileList } from "./file-list.tsx";
import { UnfinishedList } from "./unfinished-list.tsx";
import { useSomeFile } from "./use-uploads.ts";

const isAny = () => true;

type Props = {
  /** What the server rendered in the place of the unfinished uploads. */
  fallback: ReactNode;
  /** Moves the focus when the focused row is gone. */
  onGone(): void;
};

/** The files of this page, and the unfinished uploads. */
export function UploadLists({ fallback, onGone }: Props) {
  const hasFiles = useSomeFile(isAny);
  return (
    <>
      {hasFiles ? <FileList onEmptied={onGone} /> : null}
      <UnfinishedList fallback={fallback} onGone={onGone} />
    </>
  );
}
