import { JobMissing } from "../../../../features/jobs/job-missing.tsx";

export default function NotFound() {
  return <JobMissing />;
}
