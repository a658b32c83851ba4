import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { get } from "../../../../api/page.ts";
import { JobPage } from "../../../../features/jobs/job-page.tsx";
import { signInPage } from "../../../../lib/return-to.ts";

export const metadata: Metadata = { title: "Video" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const path = `/jobs/${encodeURIComponent(id)}`;
  // So that an unknown job gets the status 404.
  const { status } = await get(path);
  if (status === 401) redirect(signInPage(path));
  // The page itself shows any other error, because it can retry.
  if (status === 404 || status === 400) notFound();
  return <JobPage id={id} />;
}
