"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { announce } from "../../components/ui/announcer.tsx";
import { receivedMs } from "../../lib/api-client/received.ts";
import { useSession } from "../../lib/session/use-session.ts";
import { hiddenJobs, recordChanges } from "./known-jobs.ts";
import { type Filter, filterQuery, parseFilter } from "./list-filter.ts";
import * as api from "./list-requests.ts";
import { subscribeJobs } from "./live-jobs.ts";
import { usePaused } from "./live-switch.ts";
import { anyInFlight } from "./status-view.ts";

export const JOBS = "jobs";

/** Most lists do not change while they are open. */
const listChanges = () => import("./list-changes.ts");

/** A list to which uploads have added more jobs than this is fetched again, and has the length of a page then. */
const MOST_JOBS = 100;

/** One page of jobs, kept up to date while the tab is visible and updates are not paused. `first` is what the HTML has. */
export function useJobs(filter: Filter, expecting: boolean, first: api.FirstPage | undefined) {
  const client = useQueryClient();
  const paused = usePaused();
  const [connection, setConnection] = useState<"live" | "interrupted">("live");
  // A text, because the filter is a new object on each render.
  const filterText = filterQuery(filter);
  const out = useSession().type !== "in";
  const query = useQuery({
    queryKey: [JOBS, filterText],
    async queryFn({ signal }) {
      const page = await api.list(filter, signal);
      return { ...page, jobs: page.jobs.filter(({ id }) => !hiddenJobs.has(id)) };
    },
    ...(first?.filter === filterText && {
      initialData: first.page,
      initialDataUpdatedAt: () => receivedMs(first),
    }),
    placeholderData: keepPreviousData,
    // The subscription fetches what is new, also after the tab was hidden.
    refetchOnWindowFocus: false,
    // It compares by position, so one new job at the top would replace every object below it.
    structuralSharing: false,
  });
  const since = query.isPlaceholderData ? undefined : query.data?.now;

  const listed = query.data?.jobs;
  useEffect(() => {
    if (listed) recordChanges(listed.map((job) => ({ type: "job", job })));
  }, [listed]);

  const expected = useRef(expecting);
  useEffect(() => {
    // Not a reason to subscribe again: that would cancel the poll that an ended upload has started.
    expected.current = expecting;
  }, [expecting]);

  useEffect(() => {
    // After the next sign-in the page is fetched again, and updated from then on.
    if (since === undefined || paused || out) return;
    const key = [JOBS, filterText];
    const listed = parseFilter(new URLSearchParams(filterText));
    const page = () => client.getQueryData<api.JobPage>(key);
    return subscribeJobs({
      since,
      fetchChanges: (from, signal) => api.changes(from, listed.owner, signal),
      isBusy: () => expected.current || anyInFlight(page()?.jobs ?? []),
      onState: setConnection,
      onStale: () => void client.invalidateQueries({ queryKey: key }),
      async onChanges(changes) {
        recordChanges(changes);
        const { announcementOf, applyChanges } = await listChanges();
        const announcement = announcementOf(changes, page()?.jobs ?? []);
        client.setQueryData<api.JobPage>(key, (old) =>
          old ? { ...old, ...applyChanges(old, changes, listed) } : old,
        );
        if ((page()?.jobs.length ?? 0) > MOST_JOBS) {
          void client.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
        }
        if (announcement !== "") announce(announcement);
      },
    });
  }, [client, since, paused, out, filterText]);

  return { query, connection, paused };
}
