"use client";

import { useEffect } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { pollNow } from "../jobs/live-jobs.ts";
import type { UploadFile } from "./upload-file.ts";
import { useProvided } from "./use-uploads.ts";
import { announcement, differedSentence } from "./view.ts";

/** Announces finished files to screen readers, and refreshes the lists when there is a new job. */
export function UploadAnnouncer() {
  const { engine } = useProvided();
  useEffect(() => {
    let before: readonly UploadFile[] = [];
    const update = () => {
      const files = engine.files();
      if (files === before) return;
      const known = new Map(before.map((file) => [file.key, file]));
      const changed = files.filter((file) => known.get(file.key)?.status !== file.status);
      const again = files.find((file) => file.differed && !known.get(file.key)?.differed);
      before = files;
      const sentence = again ? differedSentence(again.name) : announcement(changed);
      if (sentence) announce(sentence);
      if (changed.some((file) => file.status === "done")) pollNow();
    };
    // A file may have ended before this mounted: an empty one fails at once.
    update();
    return engine.subscribe(update);
  }, [engine]);
  return null;
}
