import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Announcer } from "../../components/ui/announcer.tsx";
import { SiteFooter } from "../../components/ui/site-footer.tsx";
import { SiteHeader } from "../../components/ui/site-header.tsx";
import { parseTheme, THEME_COOKIE } from "../../components/ui/theme.ts";
import { AccountMenu } from "../../features/session/account-menu.tsx";
import { personOf } from "../../features/session/person.ts";
import { SessionNotice } from "../../features/session/session-notice.tsx";
import { Providers } from "./providers.tsx";

/** All pages except those for visitors: the header, uploads, and the live region. */
export default async function SiteLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  const { user, signIn } = await personOf();
  return (
    <>
      <a
        href="#main"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <Providers user={signIn ? user : undefined}>
        <SiteHeader theme={theme} account={<AccountMenu user={user} signIn={signIn} />} />
        <SessionNotice />
        <main
          id="main"
          tabIndex={-1}
          // As high as the window, so that late content does not move the footer.
          className="mx-auto min-h-dvh max-w-(--page) px-4 pt-8 pb-24 outline-none sm:px-6 lg:px-8"
        >
          {children}
        </main>
        <SiteFooter />
        <Announcer />
      </Providers>
    </>
  );
}
