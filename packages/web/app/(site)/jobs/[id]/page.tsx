import type { Listed } from "@rushes/core/job/schema";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { get } from "../../../../api/page.ts";
import { JobPage } from "../../../../features/jobs/job-page.tsx";
import { signInPage } from "../../../../lib/return-to.ts";

export const metadata: Metadata = { title: "Video" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const path = `/jobs/${encodeURIComponent(id)}`;
  // So that an unknown job gets the status 404, and the browser can begin with what plays.
  const response = await get(path);
  const { status } = response;
  if (status === 401) redirect(signInPage(path));
  // The page itself shows any other error, because it can retry.
  if (status === 404 || status === 400) notFound();
  // The API's tests verify its type.
  const { job }: { job?: Pick<Listed, "status" | "landed"> } = response.ok
    ? await response.json()
    : {};
  const complete = job?.status === "complete";
  return <JobPage id={id} complete={complete} hasStream={job?.landed.includes("hls") ?? false} />;
}
