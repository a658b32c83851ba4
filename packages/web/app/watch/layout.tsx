import type { ReactNode } from "react";

/** The layout around a shared video, for visitors only. */
export default function WatchLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-6 lg:px-8">
      {/* As high as the window, so that late content does not move the footer. */}
      <main className="min-h-dvh pt-8 pb-10">{children}</main>
      <footer className="border-t border-line py-5 text-sm text-muted">Shared with Rushes</footer>
    </div>
  );
}
