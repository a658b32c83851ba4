"use client";

import type { Listed } from "@rushes/core/job/schema";
import { Modal } from "../../components/ui/modal.tsx";
import { SharePanel } from "./share-panel.tsx";

type Props = { job: Listed; open: boolean; onClose(): void };
export function ShareDialog({ job, open, onClose }: Props) {
  return (
    <Modal open={open} title="Share this video" onClose={onClose}>
      <SharePanel job={job} />
    </Modal>
  );
}
