"use client";

import type { Info as Session } from "@rushes/core/session/schema";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { RowItem, Rows } from "../../components/ui/section.tsx";
import { useConfirmed } from "../../components/ui/use-confirmed.ts";
import { formatAge, formatMoment } from "../../lib/format.ts";
import { useNow } from "../../lib/use-now.ts";
import { browserName } from "./agent.ts";
import { RemovalSection } from "./removal-section.tsx";
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
  const removal = useConfirmed(useEndSessions(), (ids) =>
    ids.length === 1 ? "Session ended." : "Sessions ended.",
  );
  const count = removal.input?.length ?? 1;
  const others = (query.data?.sessions ?? []).filter((session) => !session.current);

  return (
    <RemovalSection
      id="sessions"
      title="Sessions"
      about="Browsers where you are signed in. End any session that you do not recognize."
      actions={
        others.length > 1 ? (
          <Button onClick={() => removal.ask(others.map(({ id }) => id))}>End all others</Button>
        ) : undefined
      }
      removal={removal}
      dialog={{
        title: count > 1 ? `End ${count} sessions?` : "End this session?",
        confirmLabel: "End",
        body: "That browser is signed out. Its uploads pause until you sign in again.",
      }}
      failed="Some sessions could not be ended"
    >
      <Loaded query={query} what="the sessions">
        {({ sessions }) => (
          <Rows label="Sessions">
            {sessions.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                onEnd={() => removal.ask([session.id])}
              />
            ))}
          </Rows>
        )}
      </Loaded>
    </RemovalSection>
  );
}
