"use client";

import type { ReactNode } from "react";
import { NavigationGuard } from "../../features/connection/navigation-guard.tsx";
import { SessionWatch } from "../../features/session/session-watch.tsx";
import { UploadProvider } from "../../features/upload/provider.tsx";
import type { Person } from "../../lib/account/account.ts";

type Props = {
  /** The owner of this page. Undefined without sign-in or session. */
  user: Person | undefined;
  children: ReactNode;
};

/** State that every page shares and that outlives navigation: the session and running uploads. */
export function Providers({ user, children }: Props) {
  return (
    <>
      <SessionWatch user={user} />
      <NavigationGuard />
      <UploadProvider>{children}</UploadProvider>
    </>
  );
}
