import type { Metadata } from "next";
import { firstResult } from "../../../features/share/first-result.ts";
import { previewMetadata } from "../../../features/share/preview-metadata.ts";
import { WatchPage } from "../../../features/share/watch-page.tsx";

type Props = { params: Promise<{ address: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const Share = await import("@rushes/core/share/index");
  const { address } = await params;
  const [preview, first] = await Promise.all([
    // The page itself shows what is wrong with a link.
    Share.preview(address).catch(() => undefined),
    firstResult(address),
  ]);
  return {
    title: { absolute: first?.type === "opened" ? first.video.title : "A shared video" },
    robots: { index: false, follow: false },
    referrer: "no-referrer",
    ...(preview && previewMetadata(preview)),
  };
}

export default async function Page({ params }: Props) {
  const { address } = await params;
  return <WatchPage key={address} address={address} first={await firstResult(address)} />;
}
