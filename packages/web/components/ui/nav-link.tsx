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
    <Link href={href} ahead aria-current={current} className="nav-link">
      {children}
    </Link>
  );
}
