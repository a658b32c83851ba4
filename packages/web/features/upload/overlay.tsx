"use client";

import { UploadAnnouncer } from "./announcer.tsx";
import { UploadIndicator } from "./indicator.tsx";
import { UploadTitle } from "./upload-title.tsx";

/** What every page shows of the uploads. */
export function UploadOverlay() {
  return (
    <>
      <UploadIndicator />
      <UploadAnnouncer />
      <UploadTitle />
    </>
  );
}
