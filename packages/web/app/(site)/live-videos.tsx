"use client";

import type { ComponentProps } from "react";
import { JobsPanel } from "../../features/jobs/jobs-panel.tsx";
import { useUploading } from "../../features/upload/use-uploads.ts";

/** The list of videos, which polls faster while an upload is under way. */
export function LiveVideos(props: Omit<ComponentProps<typeof JobsPanel>, "expecting">) {
  return <JobsPanel {...props} expecting={useUploading()} />;
}
