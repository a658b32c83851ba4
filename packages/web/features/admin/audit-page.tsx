"use client";

import type { Info as AuditEvent } from "@rushes/core/audit/schema";
import { useSearchParams } from "next/navigation";
import { Button } from "../../components/ui/button.tsx";
import { cx } from "../../components/ui/class.ts";
import { TextField } from "../../components/ui/field.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { Link } from "../../components/ui/link.tsx";
import { Notice } from "../../components/ui/notice.tsx";
import { formatMoment } from "../../lib/format.ts";
import { formatClock } from "../../lib/technical-format.ts";
import { AdminPage } from "./admin-page.tsx";
import { auditLine, dayAfter, dayOf, parseDay } from "./audit-view.ts";
import { PagedList } from "./paged-list.tsx";
import * as api from "./requests.ts";
import { usePages } from "./use-pages.ts";

function EventRow({ event }: { event: AuditEvent }) {
  const { who, did, href, tone } = auditLine(event);
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5 sm:px-5">
      <time
        dateTime={event.time}
        title={formatMoment(event.time)}
        className="w-16 shrink-0 font-mono text-xs text-muted tabular-nums"
      >
        {formatClock(event.time)}
      </time>
      <p className="min-w-56 flex-1 text-sm">
        <span className="font-medium">{who}</span>{" "}
        <span className={cx(tone === "danger" && "text-danger")}>{did}</span>
        {href ? (
          <>
            {" · "}
            <Link href={href} className="text-accent underline underline-offset-4">
              Open
              <span className="sr-only">
                {" "}
                what {who} {did}
              </span>
            </Link>
          </>
        ) : null}
      </p>
      {event.address ? (
        <p className="font-mono text-xs text-muted">
          <span className="sr-only">From </span>
          {event.address}
        </p>
      ) : null}
    </li>
  );
}

/** The day is in the URL, so that links and reloads keep it. */
function useDay() {
  const now = Date.now();
  const day = parseDay(useSearchParams().get("day"), now);
  const go = (next: string) => window.history.pushState(null, "", `?day=${parseDay(next, now)}`);
  return { day, today: dayOf(now), go };
}

function Day() {
  const { day, today, go } = useDay();
  const query = usePages(["admin", "audit", day], (cursor, signal) =>
    api.audit({ day, cursor }, signal),
  );
  return (
    <>
      <div className="flex flex-wrap items-end gap-2">
        <TextField
          id="day"
          label="Day (UTC)"
          type="date"
          max={today}
          value={day}
          onChange={(event) => event.target.value && go(event.target.value)}
          className="w-44"
        />
        <Button onClick={() => go(dayAfter(day, -1))}>
          <Icon name="left" />
          Previous day
        </Button>
        {day < today ? (
          <Button onClick={() => go(dayAfter(day, 1))}>
            Next day
            <Icon name="right" />
          </Button>
        ) : null}
      </div>
      <PagedList
        query={query}
        what="the audit log"
        label="Events, newest first"
        itemsOf={(page) => page.events}
        empty={<Notice role="status" title="No events on this day" />}
      >
        {(event) => <EventRow key={event.id} event={event} />}
      </PagedList>
    </>
  );
}
export function AuditPage() {
  return (
    <AdminPage
      title="Audit log"
      about="Who did what, newest first, and from which IP address. Events are kept for 400 days. Times are in your time zone."
    >
      <Day />
    </AdminPage>
  );
}
