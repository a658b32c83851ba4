"use client";

import type { Listed } from "@rushes/core/job/schema";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { DialogButton } from "../../components/ui/dialog-button.tsx";
import { canShare } from "./can-share.ts";

const load = () => import("./share-dialog.tsx");

/** Opens the share links of a video. Hidden until a rendition can be played. */
export function ShareButton({ job }: { job: Listed }) {
  if (!canShare(job)) return null;
  return (
    <DialogButton icon={<ActionIcon name="share" />} label="Share" load={load}>
      {({ ShareDialog }, dialog) => <ShareDialog job={job} {...dialog} />}
    </DialogButton>
  );
}
