import type { ReactNode } from "react";

/** What surrounds a shared video: for people who came for it and for nothing else. */
export default function WatchLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-6 lg:px-8">
      {/* As high as the window, so that what loads later does not push the footer through it. */}
      <main className="min-h-dvh pt-8 pb-10">{children}</main>
      <footer className="border-t border-line py-5 text-sm text-muted">Shared with Rushes</footer>
    </div>
  );
}
