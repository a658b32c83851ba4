"use client";

import { DialogButton } from "../../components/ui/dialog-button.tsx";
import { Strokes } from "../../components/ui/icon.tsx";

/** Here and not with the other icons, which every page loads. */
const CAPTIONS = "M3 4.5h14v11H3zM9 8.7a2 2 0 1 0 0 2.6M14.5 8.7a2 2 0 1 0 0 2.6";

const load = () => import("./captions-dialog.tsx");

/** Opens the captions of a video. */
export function CaptionsButton({ jobId }: { jobId: string }) {
  return (
    <DialogButton icon={<Strokes path={CAPTIONS} />} label="Captions" load={load}>
      {({ CaptionsDialog }, dialog) => <CaptionsDialog jobId={jobId} {...dialog} />}
    </DialogButton>
  );
}
