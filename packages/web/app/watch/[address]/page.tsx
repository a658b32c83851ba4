import type { Metadata } from "next";
import { WatchPage } from "../../../features/share/watch-page.tsx";

export const metadata: Metadata = {
  title: { absolute: "A shared video" },
  robots: { index: false, follow: false },
  referrer: "no-referrer",
};

export default async function Page({ params }: { params: Promise<{ address: string }> }) {
  const { address } = await params;
  return <WatchPage key={address} address={address} />;
}
