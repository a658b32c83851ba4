"use client";

import type { ReactNode } from "react";
import { buttonClass } from "../../components/ui/button.tsx";
import { Link } from "../../components/ui/link.tsx";
import { Loaded, Loading } from "../../components/ui/loaded.tsx";
import { useAccount } from "../../lib/account/use-account.ts";
import { Queries } from "../../lib/api-client/queries.tsx";

/** The page for a member. It requests nothing. */
function Forbidden() {
  return (
    <div className="mx-auto max-w-lg space-y-4 py-16 text-center">
      <h1 className="text-2xl font-semibold tracking-tight">Admins only</h1>
      <p className="text-muted">If you need access, ask an admin.</p>
      <Link href="/jobs" className={buttonClass("primary")}>
        Go to your videos
      </Link>
    </div>
  );
}

type Props = { title: string; about: string; children: ReactNode };

function Frame({ title, about, children }: Props) {
  return (
    <div className="mx-auto max-w-4xl space-y-6">
      <div className="space-y-1">
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        <p className="max-w-2xl text-sm text-muted">{about}</p>
      </div>
      {children}
    </div>
  );
}

function Content(props: Props) {
  const account = useAccount();
  if (account.data && account.data.user.role !== "admin") return <Forbidden />;
  return (
    <Frame {...props}>
      <Loaded query={account} what="your account">
        {() => props.children}
      </Loaded>
    </Frame>
  );
}

/** A page for admins: its heading, and its content once the user is known to be an admin. */
export function AdminPage(props: Props) {
  const fallback = (
    <Frame {...props}>
      <Loading what="your account" />
    </Frame>
  );
  return (
    <Queries fallback={fallback}>
      <Content {...props} />
    </Queries>
  );
}
