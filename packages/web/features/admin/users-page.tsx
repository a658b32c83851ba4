"use client";

import type { Info as User } from "@rushes/core/user/schema";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button, buttonClass } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { Link } from "../../components/ui/link.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { RowItem, Rows } from "../../components/ui/section.tsx";
import { useAccount } from "../../lib/account/use-account.ts";
import { formatAge, formatMoment } from "../../lib/format.ts";
import { useNow } from "../../lib/use-now.ts";
import { AdminPage } from "./admin-only.tsx";
import { More } from "./more.tsx";
import * as api from "./requests.ts";
import { usePages } from "./use-pages.ts";
import { type Act, actQuestion, actsOn } from "./user-view.ts";

const USERS = ["admin", "users"];

function UserRow({
  user,
  self,
  onAct,
}: {
  user: api.ListedUser;
  self: boolean;
  onAct(act: Act): void;
}) {
  const now = useNow();
  return (
    <RowItem
      actions={
        <>
          <Link
            href={`/jobs?owner=${encodeURIComponent(user.id)}`}
            aria-label={`Videos of ${user.email}`}
            className={buttonClass()}
          >
            Videos
          </Link>
          {actsOn(user, self).map(({ act, label }) => (
            <Button key={act} onClick={() => onAct(act)} aria-label={`${label}: ${user.email}`}>
              {label}
            </Button>
          ))}
        </>
      }
    >
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm font-semibold">
        <span>{user.email}</span>
        {self ? <Badge>You</Badge> : null}
        {user.role === "admin" ? <Badge tone="accent">Admin</Badge> : null}
        {user.disabled ? <Badge tone="danger">Disabled</Badge> : null}
        {user.mailHeld ? <Badge tone="danger">Email paused</Badge> : null}
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        {user.name ? <bdi>{user.name}</bdi> : null}
        <span title={user.subject}>
          Signs in with {URL.canParse(user.issuer) ? new URL(user.issuer).host : user.issuer}
        </span>
        <span title={formatMoment(user.time.seen)}>
          Last signed in {formatAge(user.time.seen, now)}
        </span>
      </p>
    </RowItem>
  );
}

function Users() {
  const query = usePages(USERS, (cursor, signal) => api.users({ cursor }, signal));
  const account = useAccount();
  const client = useQueryClient();
  const [asking, setAsking] = useState<{ user: User; act: Act }>();
  const act = useMutation({
    mutationFn: async ({ user: { id }, act }: { user: User; act: Act }) => {
      if (act === "mail") await api.freeMail(id);
      else if (act === "end") await api.endSessions(id);
      else await api.switchUser({ id, disabled: act === "off" });
    },
    onSuccess: (_, { user, act }) => announce(actQuestion(act, user).done),
    onSettled: () => {
      setAsking(undefined);
      return client.invalidateQueries({ queryKey: USERS });
    },
  });
  const question = asking && actQuestion(asking.act, asking.user);

  return (
    <>
      {act.isError ? (
        <Notice
          role="alert"
          tone="danger"
          title="The change was not saved"
          actions={<Button onClick={() => act.reset()}>Dismiss</Button>}
        >
          {act.error.message}
        </Notice>
      ) : null}
      <Loaded query={query} what="the users">
        {({ pages }) => {
          const users = pages.flatMap((page) => page.users);
          return users.length === 0 ? (
            <Notice title="No users yet" />
          ) : (
            <Rows label="Users">
              {users.map((user) => (
                <UserRow
                  key={user.id}
                  user={user}
                  self={user.id === account.data?.user.id}
                  onAct={(chosen) => setAsking({ user, act: chosen })}
                />
              ))}
            </Rows>
          );
        }}
      </Loaded>
      <More query={query} />
      <ConfirmDialog
        open={asking !== undefined}
        title={question?.title ?? ""}
        confirmLabel={question?.confirm ?? ""}
        confirmTone={asking?.act === "on" || asking?.act === "mail" ? "primary" : "danger"}
        cancelLabel="Cancel"
        busy={act.isPending}
        onConfirm={() => asking && act.mutate(asking)}
        onCancel={() => setAsking(undefined)}
      >
        {question?.body}
      </ConfirmDialog>
    </>
  );
}

/** Everybody who has ever signed in. */
export function UsersPage() {
  return (
    <AdminPage
      title="Users"
      about="Everyone who has signed in. The sign-in provider's groups and the settings determine who is an admin."
    >
      <Users />
    </AdminPage>
  );
}
