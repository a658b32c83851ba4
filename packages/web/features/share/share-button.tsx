"use client";

import type { Listed } from "@rushes/core/job/schema";
import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Modal } from "../../components/ui/modal.tsx";
import { SharePanel } from "./share-panel.tsx";
import { canShare } from "./share-view.ts";

/** Opens the links of a video; nothing while there is nothing to play. */
export function ShareButton({ job }: { job: Listed }) {
  const [open, setOpen] = useState(false);
  if (!canShare(job)) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Icon name="share" />
        Share
      </Button>
      <Modal open={open} title="Share this video" onClose={() => setOpen(false)}>
        <SharePanel job={job} />
      </Modal>
    </>
  );
}
