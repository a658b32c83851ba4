import type { ReactNode } from "react";
import { Mark } from "../../components/ui/site-header.tsx";

/** The layout of the sign-in pages. It calls no API. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-4 py-12">
      <div className="overflow-hidden rounded-frame border border-line bg-surface">
        <div aria-hidden="true" className="perforated mx-3 mt-3 h-2" />
        <div className="space-y-5 px-6 py-8 sm:px-8">
          <p className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
            <Mark />
            Rushes
          </p>
          {children}
        </div>
        <div aria-hidden="true" className="perforated mx-3 mb-3 h-2" />
      </div>
    </main>
  );
}
