import type { Metadata } from "next";
import { Videos } from "../videos.tsx";

export const metadata: Metadata = { title: "Videos" };

export default function JobsPage() {
  return <Videos heading="h1" />;
}
