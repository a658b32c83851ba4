import type { Metadata } from "next";
import { DeploymentsPage } from "../../../../features/admin/deployments-page.tsx";

export const metadata: Metadata = { title: "Deployments" };

export default function Page() {
  return <DeploymentsPage />;
}
