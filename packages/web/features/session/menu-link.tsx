"use client";

import type { ReactNode } from "react";
import { Link } from "../../components/ui/link.tsx";

/** The style of a menu item. */
export const MENU_ITEM =
  "flex min-h-9 w-full items-center rounded-lg px-3 text-left text-sm font-medium hover:bg-sunken disabled:opacity-55 pointer-coarse:min-h-11";

/** A link in the menu. It closes the menu. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className={MENU_ITEM}
      onClick={(event) => event.currentTarget.closest<HTMLElement>("[popover]")?.hidePopover()}
    >
      {children}
    </Link>
  );
}
