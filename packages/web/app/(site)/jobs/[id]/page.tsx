import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { TOKEN_HEADERS } from "../../../../api/actor.ts";
import { app } from "../../../../api/app.ts";
import { CLIENT_HEADERS } from "../../../../api/client.ts";
import { JobPage } from "../../../../features/jobs/job-page.tsx";
import { signInPage } from "../../../../lib/return-to.ts";

export const metadata: Metadata = { title: "Video" };

/**
 * Asks our own API, without a network, so that an unknown job is a real 404 and not only looks like one.
 * A page cannot set cookies: when the session's is due to be replaced, the next request does it.
 */
async function statusOf(id: string): Promise<number> {
  const asked = await headers();
  const given = new Headers();
  for (const name of ["cookie", ...TOKEN_HEADERS, ...CLIENT_HEADERS]) {
    const value = asked.get(name);
    if (value !== null) given.set(name, value);
  }
  const url = `http://localhost/api/jobs/${encodeURIComponent(id)}`;
  return (await app.request(url, { headers: given })).status;
}

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const status = await statusOf(id);
  if (status === 401) redirect(signInPage(`/jobs/${encodeURIComponent(id)}`));
  // Any other trouble is the page's own to show: it can ask again.
  if (status === 404 || status === 400) notFound();
  return <JobPage id={id} />;
}
