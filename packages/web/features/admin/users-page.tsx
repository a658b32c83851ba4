"use client";

import type { Info as User } from "@rushes/core/user/schema";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Badge } from "../../components/ui/badge.tsx";
import { Button, buttonClass } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { FailedNotice } from "../../components/ui/failed-notice.tsx";
import { Link } from "../../components/ui/link.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { RowItem } from "../../components/ui/section.tsx";
import { useConfirmed } from "../../components/ui/use-confirmed.ts";
import { useAccount } from "../../lib/account/use-account.ts";
import { formatAge, formatMoment } from "../../lib/format.ts";
import { useNow } from "../../lib/use-now.ts";
import { AdminPage } from "./admin-page.tsx";
import { PagedList } from "./paged-list.tsx";
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

function useAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ user: { id }, act }: { user: User; act: Act }) => {
      if (act === "email") await api.resumeEmail(id);
      else if (act === "end") await api.endSessions(id);
      else await api.setDisabled({ id, disabled: act === "disable" });
    },
    onSettled: () => void client.invalidateQueries({ queryKey: USERS }),
  });
}

function Users() {
  const query = usePages(USERS, (cursor, signal) => api.users({ cursor }, signal));
  const account = useAccount();
  const { input, ask, mutation, dialog } = useConfirmed(
    useAct(),
    ({ user, act }) => actQuestion(act, user).done,
  );
  const question = input && actQuestion(input.act, input.user);

  return (
    <>
      <FailedNotice title="The change was not saved" mutation={mutation} />
      <PagedList
        query={query}
        what="the users"
        label="Users"
        itemsOf={(page) => page.users}
        empty={<Notice title="No users yet" />}
      >
        {(user) => (
          <UserRow
            key={user.id}
            user={user}
            self={user.id === account.data?.user.id}
            onAct={(act) => ask({ user, act })}
          />
        )}
      </PagedList>
      <ConfirmDialog
        {...dialog}
        title={question?.title ?? ""}
        confirmLabel={question?.confirm ?? ""}
        confirmTone={input?.act === "enable" || input?.act === "email" ? "primary" : "danger"}
        cancelLabel="Cancel"
      >
        {question?.body}
      </ConfirmDialog>
    </>
  );
}

/** Everyone who has ever signed in. */
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
