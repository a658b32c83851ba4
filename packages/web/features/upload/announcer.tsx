"use client";

import { useEffect } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { nudgeJobs } from "../jobs/live-jobs.ts";
import { useUploads } from "./provider.tsx";
import type { UploadFile } from "./state.ts";
import { announcement } from "./view.ts";

/** Tells screen readers of files that came to their end, and the lists that there is a new job. */
export function UploadAnnouncer() {
  const { engine } = useUploads();
  useEffect(() => {
    let before: readonly UploadFile[] = [];
    const look = () => {
      const { files } = engine.state();
      if (files === before) return;
      const statuses = new Map(before.map((file) => [file.key, file.status]));
      const moved = files.filter((file) => statuses.get(file.key) !== file.status);
      before = files;
      const sentence = announcement(moved);
      if (sentence) announce(sentence);
      if (moved.some((file) => file.status === "done")) nudgeJobs();
    };
    // A file may have ended before this was there: an empty one fails at once.
    look();
    return engine.subscribe(look);
  }, [engine]);
  return null;
}
