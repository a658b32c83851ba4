"use client";

import type { ReactNode } from "react";
import { IconButton } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { useUploadNotice } from "./use-uploads.ts";

/** Tells the user about files that are not uploaded, on every page. `children` are further notices. */
export function UploadNotice({ children }: { children: ReactNode }) {
  const { notice, dismiss } = useUploadNotice();
  return (
    // Always mounted, so that screen readers read what appears in it.
    <div role="alert" className="fixed right-4 bottom-4 left-4 z-40 sm:right-auto sm:max-w-md">
      {notice ? (
        <div className="upload-notice">
          <p className="min-w-0 flex-1 py-1.5 text-sm break-words text-ink">{notice}</p>
          <IconButton label="Dismiss this message" onClick={dismiss}>
            <Icon name="close" />
          </IconButton>
        </div>
      ) : null}
      {children}
    </div>
  );
}
