import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Announcer } from "../components/ui/announcer.tsx";
import { SiteHeader } from "../components/ui/site-header.tsx";
import { parseTheme, THEME_COOKIE } from "../components/ui/theme.ts";
import "./globals.css";
import { Providers } from "./providers.tsx";

export const metadata: Metadata = {
  title: { default: "Rushes", template: "%s · Rushes" },
  description: "Upload, transcode and play your videos, on your own machine or account.",
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f6f4ef" },
    { media: "(prefers-color-scheme: dark)", color: "#121110" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme} suppressHydrationWarning>
      <body>
        <a
          href="#main"
          className="sr-only z-50 rounded-lg bg-accent px-4 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to the content
        </a>
        <Providers>
          <SiteHeader theme={theme} />
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto max-w-7xl px-4 pt-8 pb-24 outline-none sm:px-6 lg:px-8"
          >
            {children}
          </main>
          <Announcer />
        </Providers>
      </body>
    </html>
  );
}
