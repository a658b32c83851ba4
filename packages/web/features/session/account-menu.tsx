import type { ReactNode } from "react";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import type { Person } from "../../lib/account/account.ts";
import { MenuLink } from "./menu-link.tsx";
import { SignOut } from "./sign-out.tsx";

const ID = "account-menu";

function Item({ href, children }: { href: string; children: ReactNode }) {
  return (
    <li>
      <MenuLink href={href}>{children}</MenuLink>
    </li>
  );
}

function Items({ admin, signIn }: { admin: boolean; signIn: boolean }) {
  return (
    <ul>
      <Item href="/settings">Settings</Item>
      {admin && signIn ? <Item href="/admin/users">Users</Item> : null}
      {admin ? (
        <>
          <Item href="/admin/audit">Audit log</Item>
          <Item href="/admin/dead-letters">Failed messages</Item>
          <Item href="/admin/deployments">Deployments</Item>
        </>
      ) : null}
      {signIn ? (
        <li className="mt-1 border-t border-line pt-1">
          <SignOut />
        </li>
      ) : null}
    </ul>
  );
}

type Props = {
  /** Undefined if the user is not known. */
  user: Person | undefined;
  signIn: boolean;
};

/**
 * The account menu, or the settings without sign-in: a native popover, which closes on Escape and on a click
 * outside, and returns the focus. The server renders all of it, so it opens without JavaScript.
 */
export function AccountMenu({ user, signIn }: Props) {
  const person = signIn ? user : undefined;
  return (
    <>
      <button
        type="button"
        popoverTarget={ID}
        className="inline-flex h-9 shrink-0 items-center gap-1.5 rounded-lg px-2 text-sm font-medium text-muted transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11 pointer-coarse:min-w-11 pointer-coarse:justify-center"
      >
        <ActionIcon name={person ? "user" : "sliders"} className="size-5" />
        <span className="sr-only">{person ? "Account" : "Menu"}</span>
        {person ? (
          <bdi className="hidden max-w-40 truncate md:inline">{person.name ?? person.email}</bdi>
        ) : null}
      </button>
      <div
        id={ID}
        popover="auto"
        className="absolute inset-auto top-15 right-[max(1rem,calc((100%-80rem)/2+2rem))] m-0 w-64 max-w-[calc(100vw-2rem)] rounded-frame border border-line bg-surface p-1.5 text-ink shadow-xl pointer-coarse:top-17"
      >
        {person ? (
          <div className="mb-1 border-b border-line px-3 pt-1.5 pb-2.5">
            {person.name ? (
              <p className="text-sm font-semibold">
                <bdi>{person.name}</bdi>
              </p>
            ) : null}
            <p className="text-sm text-muted">{person.email}</p>
            {person.role === "admin" ? (
              <p className="mt-1.5">
                <Badge tone="accent">Admin</Badge>
              </p>
            ) : null}
          </div>
        ) : null}
        <Items admin={user?.role === "admin"} signIn={signIn} />
      </div>
    </>
  );
}
