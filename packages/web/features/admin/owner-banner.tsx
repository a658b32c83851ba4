"use client";

import { useQuery } from "@tanstack/react-query";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { buttonClass } from "../../components/ui/button.tsx";
import { Link } from "../../components/ui/link.tsx";
import { findUser } from "./requests.ts";

/** Shows an admin the owner of these videos. */
export function OwnerBanner({ owner }: { owner: string }) {
  const { data: user } = useQuery({
    queryKey: ["admin", "user", owner],
    queryFn: ({ signal }) => findUser(owner, signal),
    staleTime: 60_000,
  });
  const email = user?.email ?? "another user";
  return (
    <aside
      aria-label="Owner of these videos"
      className="mb-8 flex flex-wrap items-center gap-x-6 gap-y-2 rounded-frame border border-control bg-accent-soft px-4 py-3 sm:px-5"
    >
      <p className="mr-auto flex items-center gap-2.5 text-sm">
        <ActionIcon name="user" className="size-5 shrink-0" />
        <span>
          <strong className="font-semibold">
            Videos of {user?.name ? <bdi>{user.name}</bdi> : null}{" "}
            {user?.name ? `(${email})` : email}.
          </strong>{" "}
          You are viewing them as an admin. The audit log records what you do.
        </span>
      </p>
      <Link href="/jobs" className={buttonClass()}>
        Your videos
      </Link>
    </aside>
  );
}
