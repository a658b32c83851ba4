"use client";

import { useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Modal } from "../../components/ui/modal.tsx";
import { useAnnouncement } from "../../components/ui/use-announcement.ts";
import { CaptionsForm } from "./captions-form.tsx";
import { CaptionsList } from "./captions-list.tsx";
import { useCaptions } from "./use-captions.ts";

type Props = { jobId: string; open: boolean; onClose(): void };
export function CaptionsDialog({ jobId, open, onClose }: Props) {
  return (
    <Modal open={open} title="Captions of this video" onClose={onClose}>
      <CaptionsPanel jobId={jobId} />
    </Modal>
  );
}

/** A form for another file, and the captions that the video has. */
function CaptionsPanel({ jobId }: { jobId: string }) {
  const captions = useCaptions(jobId);
  const { list, add } = captions;
  const [announcement, announce] = useAnnouncement();
  const panel = useRef<HTMLDivElement>(null);

  return (
    <div ref={panel} tabIndex={-1} className="mt-2 space-y-5 outline-none">
      <p role="status" className="sr-only">
        {announcement}
      </p>
      <p className="text-sm text-muted">
        Add a WebVTT (.vtt) or SubRip (.srt) file for each language. Viewers choose captions in the
        player.
      </p>
      <CaptionsForm
        busy={add.isPending}
        problem={add.error?.message}
        onAdd={(input, done) =>
          add.mutate(input, {
            onSuccess({ captions: { name } }) {
              done();
              announce(`Captions “${name}” added.`);
            },
          })
        }
      />
      {list.isError ? (
        <div role="alert" className="flex flex-wrap items-center gap-3 text-sm text-danger">
          {list.error.message}
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </div>
      ) : null}
      <CaptionsList captions={captions} panel={panel} onAnnounce={announce} />
    </div>
  );
}
