"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Link } from "./link.tsx";

type Props = {
  href: string;
  children: ReactNode /** Also current on the pages below it. */;
  beneath?: boolean;
};

export function NavLink({ href, children, beneath }: Props) {
  const path = usePathname();
  const here = path === href;
  const current = here ? "page" : beneath && path.startsWith(`${href}/`) ? "true" : undefined;
  return (
    <Link
      href={href}
      ahead
      aria-current={current}
      className="inline-flex min-h-9 items-center rounded-lg px-2.5 text-sm sm:px-3 font-medium text-muted transition-colors hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink pointer-coarse:min-h-11"
    >
      {children}
    </Link>
  );
}
