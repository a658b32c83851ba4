"use client";

import { useEffect, useState } from "react";
import { cx } from "../../components/ui/class.ts";
import { outputOf } from "../profile/profile-field.ts";
import { fileOf } from "./chosen-file.ts";
import { previewOf } from "./preview.ts";
import { previewLine } from "./preview-view.ts";

/** What the file of this run becomes. Nothing until the browser has read it, or if it cannot. */
export function FilePreview({ run }: { run: AbortSignal }) {
  const [line, setLine] = useState<ReturnType<typeof previewLine>>();
  useEffect(() => {
    const chosen = fileOf(run);
    if (!chosen) return;
    const gone = new AbortController();
    const { signal } = gone;
    void previewOf(chosen.file, signal).then((preview) => {
      if (preview && !signal.aborted) setLine(previewLine(preview, outputOf(chosen.profile)));
    });
    return () => gone.abort();
  }, [run]);
  return line ? (
    <p className={cx("mt-1 text-sm", line.tone === "danger" ? "text-danger" : "text-muted")}>
      {line.text}
    </p>
  ) : null;
}
