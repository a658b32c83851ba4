"use client";

import { formatBytes } from "@rushes/core/format";
import { oneLine } from "@rushes/core/one-line";
import type { Info as Upload } from "@rushes/core/upload/schema";
import { Button } from "../../components/ui/button.tsx";
import { RowItem, Rows } from "../../components/ui/section.tsx";
import { useConfirmed } from "../../components/ui/use-confirmed.ts";
import { formatMoment } from "../../lib/format.ts";
import { isolate } from "../../lib/isolate.ts";
import { shortName } from "../upload/names.ts";
import { useDiscardUpload, useOpenUploads } from "../upload/open-uploads.ts";
import { RemovalSection } from "./removal-section.tsx";

function UploadRow({ upload, onDiscard }: { upload: Upload; onDiscard(): void }) {
  return (
    <RowItem
      actions={
        <Button
          onClick={onDiscard}
          aria-label={`Discard the upload of ${shortName(upload.fileName)}`}
        >
          Discard
        </Button>
      }
    >
      <p className="text-sm font-semibold">
        <bdi>{oneLine(upload.fileName)}</bdi>
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <span>{formatBytes(upload.sizeBytes)}</span>
        <span>Started {formatMoment(upload.time.created)}</span>
        <span>Expires {formatMoment(upload.time.expires)}</span>
      </p>
    </RowItem>
  );
}

/** Uploads that have started and not ended, each with a button to discard it. Hidden if there are none. */
export function UploadsSection() {
  const { data: uploads = [] } = useOpenUploads();
  const removal = useConfirmed(
    useDiscardUpload(),
    ({ fileName }: Upload) => `The upload of ${isolate(shortName(fileName))} was discarded.`,
  );
  if (uploads.length === 0) return null;

  return (
    <RemovalSection
      id="uploads"
      title="Unfinished uploads"
      about="Unfinished uploads reserve space until they finish, expire, or are discarded. The upload page continues them."
      removal={removal}
      dialog={{
        title: "Discard this upload?",
        confirmLabel: "Discard",
        body: `The uploaded part of “${shortName(removal.input?.fileName ?? "")}” is deleted. If the upload is running in another window, it stops.`,
      }}
      failed="The upload was not discarded"
    >
      <Rows label="Unfinished uploads">
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} onDiscard={() => removal.ask(upload)} />
        ))}
      </Rows>
    </RemovalSection>
  );
}
