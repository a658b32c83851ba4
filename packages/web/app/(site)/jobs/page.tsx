import type { Metadata } from "next";
import { firstPage, type Query } from "../../../features/jobs/first-page.ts";
import { Videos } from "../videos.tsx";

export const metadata: Metadata = { title: "Videos" };

type Props = { searchParams: Promise<Query> };

export default async function JobsPage({ searchParams }: Props) {
  const first = await firstPage(await searchParams);
  return (
    <div data-wide>
      <Videos heading="h1" first={first} />
    </div>
  );
}
