import type { Metadata } from "next";
import { SignedIn } from "../../../features/session/signed-in.tsx";

export const metadata: Metadata = { title: "Signed in" };

export default function SignedInPage() {
  return <SignedIn />;
}
