import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { get } from "../../../../api/page.ts";
import { JobPage } from "../../../../features/jobs/job-page.tsx";
import type { Initial } from "../../../../features/jobs/requests.ts";
import { signInPage } from "../../../../lib/return-to.ts";

export const metadata: Metadata = { title: "Video" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const path = `/jobs/${encodeURIComponent(id)}`;
  // So that an unknown job gets the status 404, and the browser can begin with the poster and with what plays.
  const response = await get(path);
  const { status } = response;
  if (status === 401) redirect(signInPage(path));
  // The page itself shows any other error, because it can retry.
  if (status === 404 || status === 400) notFound();
  return <JobPage id={id} initial={response.ok ? await initialOf(path, response) : undefined} />;
}

/** Reads the URLs after the job, so that they are not older. The API's tests verify the types. */
async function initialOf(path: string, response: Response): Promise<Initial> {
  const details: Initial["details"] = await response.json();
  const playback = await get(`${path}/playback`);
  return { details, playback: playback.ok ? await playback.json() : undefined };
}
