import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { JobPage } from "../../../features/jobs/job-page.tsx";

export const metadata: Metadata = { title: "Video" };

/** The form of a job's id; anything else is an unknown page before any job is looked for. */
const ID = /^job_[0-9A-HJKMNP-TV-Z]{26}$/;

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!ID.test(id)) notFound();
  return <JobPage id={id} />;
}
