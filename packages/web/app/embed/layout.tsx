import type { ReactNode } from "react";

/** The player alone, filling the frame of somebody else's page. */
export default function EmbedLayout({ children }: { children: ReactNode }) {
  return <main className="h-dvh overflow-auto">{children}</main>;
}
