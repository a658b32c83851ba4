import type { Metadata } from "next";
import type { Query } from "../../../features/jobs/first-page.ts";
import { Videos } from "../videos.tsx";

export const metadata: Metadata = { title: "Videos" };

type Props = { searchParams: Promise<Query> };

export default function JobsPage({ searchParams }: Props) {
  return (
    <div data-wide>
      <Videos heading="h1" query={searchParams} />
    </div>
  );
}
