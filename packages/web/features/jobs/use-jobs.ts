"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { useSession } from "../../lib/session/use-session.ts";
import { noteChanges } from "./known-jobs.ts";
import { applyChanges } from "./list-changes.ts";
import type { Filter } from "./list-filter.ts";
import { subscribeJobs } from "./live-jobs.ts";
import { usePaused } from "./live-switch.ts";
import * as api from "./requests.ts";
import { anyInFlight, spokenChange } from "./status-view.ts";

export const JOBS = "jobs";

/** One page of jobs, kept up to date while the tab is visible and nobody has paused it. */
export function useJobs(filter: Filter, expecting: boolean) {
  const client = useQueryClient();
  const paused = usePaused();
  const [connection, setConnection] = useState<"live" | "interrupted">("live");
  const { status, q, cursor, owner } = filter;
  const out = useSession().type !== "in";
  const query = useQuery({
    queryKey: [JOBS, { status, q, cursor, owner }],
    queryFn: ({ signal }) => api.list({ status, q, cursor, owner }, signal),
    placeholderData: keepPreviousData,
    // The subscription brings what is new, also after the tab was hidden.
    refetchOnWindowFocus: false,
  });
  const since = query.isPlaceholderData ? undefined : query.data?.now;

  const listed = query.data?.jobs;
  useEffect(() => {
    if (listed) noteChanges(listed.map((job) => ({ type: "job", job })));
  }, [listed]);

  const expected = useRef(expecting);
  useEffect(() => {
    // Not a reason to subscribe anew: that would give up the question that an ended upload has asked.
    expected.current = expecting;
  }, [expecting]);

  useEffect(() => {
    // After the next sign-in the page is fetched anew, and followed from then on.
    if (since === undefined || paused || out) return;
    const key = [JOBS, { status, q, cursor, owner }];
    const page = () => client.getQueryData<api.JobPage>(key);
    return subscribeJobs({
      since,
      fetchChanges: (from, signal) => api.changes(from, owner, signal),
      isBusy: () => expected.current || anyInFlight(page()?.jobs ?? []),
      onState: setConnection,
      onStale: () => void client.invalidateQueries({ queryKey: key }),
      onChanges(changes) {
        noteChanges(changes);
        const before = new Map(page()?.jobs.map((job) => [job.id, job.status]));
        client.setQueryData<api.JobPage>(key, (old) =>
          old ? { ...old, ...applyChanges(old, changes, { status, q, cursor, owner }) } : old,
        );
        const said = changes.flatMap((change) =>
          change.type === "job" ? (spokenChange(before.get(change.job.id), change.job) ?? []) : [],
        );
        if (said.length > 0) announce(said.join(" "));
      },
    });
  }, [client, since, paused, out, status, q, cursor, owner]);

  return { query, connection, paused };
}
