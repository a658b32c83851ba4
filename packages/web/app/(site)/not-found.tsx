import type { Metadata } from "next";
import { buttonClass } from "../../components/ui/button.tsx";
import { Link } from "../../components/ui/link.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <div className="mx-auto max-w-lg space-y-4 py-16 text-center">
      <p aria-hidden="true" className="font-mono text-sm text-muted">
        404
      </p>
      <h1 className="text-2xl font-semibold tracking-tight">Page not found</h1>
      <p className="text-muted">The URL may be incomplete.</p>
      <Link href="/" className={buttonClass("primary")}>
        Go to home
      </Link>
    </div>
  );
}
