"use client";

import type { ReactNode } from "react";
import { NavigationGuard } from "../../features/connection/navigation-guard.tsx";
import { SessionWatch } from "../../features/session/session-watch.tsx";
import { UploadProvider } from "../../features/upload/provider.tsx";
import type { Person } from "../../lib/account/account.ts";

type Props = {
  /** Whose page this is; undefined where nobody signs in, or is signed in. */
  user: Person | undefined;
  children: ReactNode;
};

/** What every page shares and a change of page must not end: the session and running uploads. */
export function Providers({ user, children }: Props) {
  return (
    <>
      <SessionWatch user={user} />
      <NavigationGuard />
      <UploadProvider>{children}</UploadProvider>
    </>
  );
}
