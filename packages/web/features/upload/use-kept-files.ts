"use client";

import type { Info as Upload } from "@rushes/core/upload/schema";
import { useEffect, useState } from "react";
import { dropFile, type KeptFile, keptFiles } from "./kept-files.ts";

/** The files that the browser keeps of these uploads: all open ones of the user, or undefined while they are not known. */
export function useKeptFiles(open: readonly Upload[] | undefined): {
  kept: ReadonlyMap<string, KeptFile>;
  /** Drops a file that cannot continue its upload any more. */
  drop(uploadId: string): void;
} {
  const [kept, setKept] = useState<ReadonlyMap<string, KeptFile>>(new Map());
  useEffect(() => {
    if (!open) return;
    let isCurrent = true;
    void keptFiles(new Set(open.map(({ id }) => id))).then((files) => {
      if (isCurrent) setKept(files);
    });
    return () => {
      isCurrent = false;
    };
  }, [open]);

  function drop(uploadId: string) {
    setKept((before) => new Map([...before].filter(([id]) => id !== uploadId)));
    void dropFile(uploadId);
  }
  return { kept, drop };
}
