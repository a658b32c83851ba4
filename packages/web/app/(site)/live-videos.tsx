"use client";

import type { ComponentProps } from "react";
import { JobsPanel } from "../../features/jobs/jobs-panel.tsx";
import { useUploading } from "../../features/upload/provider.tsx";

/** The list of videos, which looks more often while an upload is about to become one. */
export function LiveVideos(props: Omit<ComponentProps<typeof JobsPanel>, "expecting">) {
  return <JobsPanel {...props} expecting={useUploading()} />;
}
