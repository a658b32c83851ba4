"use client";

import type { Info as Session } from "@rushes/core/session/schema";
import { useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { ConfirmDialog } from "../../components/ui/dialog.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { RowItem, Rows, Section } from "../../components/ui/section.tsx";
import { formatAge, formatMoment } from "../../lib/format.ts";
import { useNow } from "../../lib/use-now.ts";
import { browserName } from "./agent.ts";
import { useEndSessions, useSessions } from "./use-settings.ts";

function SessionRow({ session, onEnd }: { session: Session; onEnd(): void }) {
  const now = useNow();
  const name = browserName(session.agent);
  return (
    <RowItem
      actions={
        session.current ? undefined : (
          <Button
            onClick={onEnd}
            aria-label={`End the session of ${name}, ${formatMoment(session.time.created)}`}
          >
            End
          </Button>
        )
      }
    >
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm font-semibold">
        <span title={session.agent}>{name}</span>
        {session.current ? <Badge tone="ok">This browser</Badge> : null}
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <span>From {session.address || "an unknown IP address"}</span>
        <span>Signed in {formatMoment(session.time.created)}</span>
        <span>Last seen {formatAge(session.time.seen, now)}</span>
      </p>
    </RowItem>
  );
}

/** Where the user is signed in; every other browser can be signed out from here. */
export function SessionsSection() {
  const query = useSessions();
  const end = useEndSessions();
  const [asking, setAsking] = useState<string[]>([]);
  const others = (query.data?.sessions ?? []).filter((session) => !session.current);

  function confirm() {
    end.mutate(asking, {
      onSuccess: () => announce(asking.length === 1 ? "Session ended." : "Sessions ended."),
      onSettled: () => setAsking([]),
    });
  }

  return (
    <Section
      id="sessions"
      title="Sessions"
      about="Browsers where you are signed in. End any session that you do not recognize."
      actions={
        others.length > 1 ? (
          <Button onClick={() => setAsking(others.map(({ id }) => id))}>End all others</Button>
        ) : undefined
      }
    >
      {end.isError ? (
        <Notice
          role="alert"
          tone="danger"
          title="Some sessions could not be ended"
          actions={<Button onClick={() => end.reset()}>Dismiss</Button>}
        >
          {end.error.message}
        </Notice>
      ) : null}
      <Loaded query={query} what="the sessions">
        {({ sessions }) => (
          <Rows label="Sessions">
            {sessions.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                onEnd={() => setAsking([session.id])}
              />
            ))}
          </Rows>
        )}
      </Loaded>
      <ConfirmDialog
        open={asking.length > 0}
        title={asking.length > 1 ? `End ${asking.length} sessions?` : "End this session?"}
        confirmLabel="End"
        busy={end.isPending}
        onConfirm={confirm}
        onCancel={() => setAsking([])}
      >
        That browser is signed out. Its uploads pause until you sign in again.
      </ConfirmDialog>
    </Section>
  );
}
