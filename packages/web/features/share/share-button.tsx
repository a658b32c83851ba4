"use client";

import type { Listed } from "@rushes/core/job/schema";
import { useState } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Deferred } from "../../components/ui/deferred.tsx";
import { canShare } from "./can-share.ts";

const dialog = () => import("./share-dialog.tsx");

/** Opens the share links of a video. Hidden until a rendition can be played. */
export function ShareButton({ job }: { job: Listed }) {
  /** Undefined until it is first opened: only then is its code fetched. */
  const [open, setOpen] = useState<boolean>();
  if (!canShare(job)) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <ActionIcon name="share" />
        Share
      </Button>
      {open === undefined ? null : (
        <Deferred load={dialog}>
          {({ ShareDialog }) => (
            <ShareDialog job={job} open={open} onClose={() => setOpen(false)} />
          )}
        </Deferred>
      )}
    </>
  );
}
