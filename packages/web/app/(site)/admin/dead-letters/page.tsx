import type { Metadata } from "next";
import { DeadLettersPage } from "../../../../features/admin/dead-letters-page.tsx";

export const metadata: Metadata = { title: "Failed messages" };

export default function Page() {
  return <DeadLettersPage />;
}
