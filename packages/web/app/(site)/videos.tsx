"use client";

import { JobsPanel } from "../../features/jobs/jobs-panel.tsx";
import { useUploading } from "../../features/upload/provider.tsx";

/** The list of videos, which looks more often while an upload is about to become one. */
export function Videos({ heading }: { heading: "h1" | "h2" }) {
  return <JobsPanel heading={heading} expecting={useUploading()} />;
}
