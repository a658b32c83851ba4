import type { ReactNode } from "react";

/** What surrounds a shared video: for people who came for it and for nothing else. */
export default function WatchLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4 sm:px-6 lg:px-8">
      <main className="grow pt-8 pb-10">{children}</main>
      <footer className="border-t border-line py-5 text-sm text-muted">Shared with Rushes</footer>
    </div>
  );
}
