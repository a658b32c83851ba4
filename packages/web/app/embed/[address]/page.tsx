import type { Metadata } from "next";
import { firstResult } from "../../../features/share/first-result.ts";
import { Visitor } from "../../../features/share/visitor.tsx";

export const metadata: Metadata = {
  title: { absolute: "A shared video" },
  robots: { index: false, follow: false },
  referrer: "no-referrer",
};

export default async function Page({ params }: { params: Promise<{ address: string }> }) {
  const { address } = await params;
  return <Visitor key={address} address={address} first={await firstResult(address)} fill />;
}
