import type { ReactNode } from "react";

/** Only the player. It fills the frame on another site's page. */
export default function EmbedLayout({ children }: { children: ReactNode }) {
  return <main className="h-dvh overflow-auto">{children}</main>;
}
