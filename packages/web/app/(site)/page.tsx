import { Queries } from "../../features/api/queries.tsx";
import { JobsPanelSkeleton } from "../../features/jobs/jobs-panel-skeleton.tsx";
import { UploadPanel } from "../../features/upload/panel.tsx";
import { Videos } from "./videos.tsx";

export default function UploadPage() {
  return (
    <div className="space-y-14">
      <div className="space-y-5">
        <h1 className="text-2xl font-semibold tracking-tight">Upload</h1>
        <UploadPanel />
      </div>
      <Queries fallback={<JobsPanelSkeleton heading="h2" />}>
        <Videos heading="h2" />
      </Queries>
    </div>
  );
}
