"use client";

import { formatBytes } from "@rushes/core/format";
import { useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { RowItem, Rows, Section } from "../../components/ui/section.tsx";
import { formatMoment } from "../../lib/format.ts";
import { useDiscardUpload, useOpenUploads } from "./use-settings.ts";

/** Uploads that were begun and have not ended, each with a button to discard it. Nothing where there are none. */
export function UploadsSection() {
  const { data } = useOpenUploads();
  const discard = useDiscardUpload();
  const [asking, setAsking] = useState<{ id: string; fileName: string }>();
  const uploads = data?.uploads ?? [];
  if (uploads.length === 0) return null;

  function confirm() {
    if (!asking) return;
    discard.mutate(asking.id, {
      onSuccess: () => announce(`The upload of ${asking.fileName} was discarded.`),
      onSettled: () => setAsking(undefined),
    });
  }

  return (
    <Section
      id="uploads"
      title="Unfinished uploads"
      about="Unfinished uploads reserve space until they finish, expire, or are discarded."
    >
      {discard.isError ? (
        <Notice role="alert" tone="danger" title="The upload was not discarded">
          {discard.error.message}
        </Notice>
      ) : null}
      <Rows label="Unfinished uploads">
        {uploads.map((upload) => (
          <RowItem
            key={upload.id}
            actions={
              <Button
                onClick={() => setAsking(upload)}
                aria-label={`Discard the upload of ${upload.fileName}`}
              >
                Discard
              </Button>
            }
          >
            <p className="text-sm font-semibold">
              <bdi>{upload.fileName}</bdi>
            </p>
            <p className="flex flex-wrap gap-x-3 text-sm text-muted">
              <span>{formatBytes(upload.sizeBytes)}</span>
              <span>Started {formatMoment(upload.time.created)}</span>
              <span>Expires {formatMoment(upload.time.expires)}</span>
            </p>
          </RowItem>
        ))}
      </Rows>
      <ConfirmDialog
        open={asking !== undefined}
        title="Discard this upload?"
        confirmLabel="Discard"
        busy={discard.isPending}
        onConfirm={confirm}
        onCancel={() => setAsking(undefined)}
      >
        The uploaded part of “{asking?.fileName}” is deleted. If the upload is running in another
        window, it stops.
      </ConfirmDialog>
    </Section>
  );
}
