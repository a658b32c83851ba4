import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { app } from "../../../../api/app.ts";
import { JobPage } from "../../../../features/jobs/job-page.tsx";

export const metadata: Metadata = { title: "Video" };

/** Asks our own API, without a network, so that an unknown job is a real 404 and not only looks like one. */
async function isUnknown(id: string): Promise<boolean> {
  const answer = await app.request(`http://localhost/api/jobs/${encodeURIComponent(id)}`);
  return answer.status === 404 || answer.status === 400;
}

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  // Any other trouble is the page's own to show: it can ask again.
  if (await isUnknown(id)) notFound();
  return <JobPage id={id} />;
}
