import type { Metadata } from "next";
import { Videos } from "../videos.tsx";

export const metadata: Metadata = { title: "Videos" };

export default function JobsPage() {
  return (
    <div data-wide>
      <Videos heading="h1" />
    </div>
  );
}
