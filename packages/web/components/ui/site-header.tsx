import type { ReactNode } from "react";
import { ActionIcon } from "./action-icon.tsx";
import { Link } from "./link.tsx";
import { NavLink } from "./nav-link.tsx";
import type { Theme } from "./theme.ts";
import { ThemeToggle } from "./theme-toggle.tsx";
export function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className="size-7">
      <rect width="32" height="32" rx="7" className="fill-ink" />
      <path
        d="M7 6v20M25 6v20"
        className="stroke-paper"
        strokeWidth="2.4"
        strokeDasharray="2.4 2.9"
      />
      <path d="M12.5 10.2v11.6L21.5 16z" className="fill-mark" />
    </svg>
  );
}

type Props = {
  theme: Theme;
  account: ReactNode;
};
export function SiteHeader({ theme, account }: Props) {
  return (
    <header className="border-b border-line">
      <div className="mx-auto flex max-w-(--page) items-center gap-2 px-4 py-3 sm:gap-4 sm:px-6 lg:px-8">
        <Link
          href="/"
          className="mr-auto flex min-h-9 items-center gap-2.5 rounded-lg font-semibold tracking-tight"
        >
          <Mark />
          <span className="text-lg max-[26rem]:sr-only">Rushes</span>
        </Link>
        <nav aria-label="Main" className="flex sm:gap-1">
          <NavLink href="/">Upload</NavLink>
          <NavLink href="/jobs" beneath>
            Videos
          </NavLink>
        </nav>
        <div className="flex items-center gap-1">
          <ThemeToggle initial={theme}>
            <ActionIcon name="sun" className="in-dark size-5" />
            <ActionIcon name="moon" className="in-light size-5" />
          </ThemeToggle>
          {account}
        </div>
      </div>
    </header>
  );
}
