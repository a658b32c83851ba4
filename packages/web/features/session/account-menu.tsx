"use client";

import Link from "next/link";
import { type MouseEvent, type ReactNode, useId, useState } from "react";
import { Badge } from "../../components/ui/badge.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { call } from "../api/call.ts";
import type { Account } from "./account.ts";
import { tell } from "./channel.ts";
import { useAccount } from "./use-account.ts";

const ITEM =
  "flex min-h-9 w-full items-center rounded-lg px-3 text-left text-sm font-medium hover:bg-sunken disabled:opacity-55 pointer-coarse:min-h-11";

function close(event: MouseEvent<HTMLElement>) {
  event.currentTarget.closest<HTMLElement>("[popover]")?.hidePopover();
}

function Item({ href, children }: { href: string; children: ReactNode }) {
  return (
    <li>
      <Link href={href} prefetch={false} className={ITEM} onClick={close}>
        {children}
      </Link>
    </li>
  );
}

function SignOut() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function signOut() {
    setBusy(true);
    try {
      const { location } = await call<{ location: string }>("/auth/sign-out", {
        method: "POST",
        anyone: true,
      });
      tell({ type: "signed_out" });
      window.location.assign(location);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    // Also after success: the browser may stay, because it asked about uploads under way.
    setBusy(false);
  }

  return (
    <li className="mt-1 border-t border-line pt-1">
      <button type="button" className={ITEM} disabled={busy} onClick={() => void signOut()}>
        Sign out
      </button>
      {problem ? (
        <p role="alert" className="px-3 py-1 text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </li>
  );
}

function Items({ account }: { account: Account | undefined }) {
  const signIn = account?.signIn ?? false;
  return (
    <ul>
      <Item href="/settings">Settings</Item>
      {account?.user.role === "admin" ? (
        <>
          {signIn ? <Item href="/admin/users">Users</Item> : null}
          <Item href="/admin/audit">Audit</Item>
          <Item href="/admin/dead-letters">Dead letters</Item>
          <Item href="/admin/deployments">Deployments</Item>
        </>
      ) : null}
      {signIn ? <SignOut /> : null}
    </ul>
  );
}

/**
 * The account, or without sign-in the settings: a native popover, which closes on Escape and on a
 * click beside it, and gives the focus back.
 */
export function AccountMenu() {
  const { data } = useAccount();
  const id = useId();
  const person = data?.signIn ? data.user : undefined;

  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        className="inline-flex h-9 shrink-0 items-center gap-1.5 rounded-lg px-2 text-sm font-medium text-muted transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11 pointer-coarse:min-w-11 pointer-coarse:justify-center"
      >
        <Icon name={person ? "user" : "sliders"} className="size-5" />
        <span className="sr-only">{person ? "Account" : "Menu"}</span>
        {person ? (
          <span className="hidden max-w-40 truncate md:inline">{person.name ?? person.email}</span>
        ) : null}
      </button>
      <div
        id={id}
        popover="auto"
        className="absolute inset-auto top-15 right-[max(1rem,calc((100%-80rem)/2+2rem))] m-0 w-64 max-w-[calc(100vw-2rem)] rounded-frame border border-line bg-surface p-1.5 text-ink shadow-xl pointer-coarse:top-17"
      >
        {person ? (
          <div className="mb-1 border-b border-line px-3 pt-1.5 pb-2.5">
            {person.name ? <p className="text-sm font-semibold">{person.name}</p> : null}
            <p className="text-sm text-muted">{person.email}</p>
            {person.role === "admin" ? (
              <p className="mt-1.5">
                <Badge tone="accent">Admin</Badge>
              </p>
            ) : null}
          </div>
        ) : null}
        <Items account={data} />
      </div>
    </>
  );
}
