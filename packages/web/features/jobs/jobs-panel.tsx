"use client";

import { type ReactNode, useCallback, useDeferredValue, useEffect, useState } from "react";
import { Deferred } from "../../components/ui/deferred.tsx";
import { DELETIONS, recalled } from "../../lib/recalled.ts";
import { JobList } from "./job-list.tsx";
import { JobsToolbar } from "./jobs-toolbar.tsx";
import { isFiltered } from "./list-filter.ts";
import type { FirstPage } from "./list-requests.ts";
import type { View } from "./list-view.ts";
import { LiveToggle } from "./live-toggle.tsx";
import { Pager } from "./pager.tsx";
import { useFilter } from "./use-filter.ts";
import { useJobs } from "./use-jobs.ts";
import { useSelection } from "./use-selection.ts";
import { useView } from "./use-view.ts";

const jobTable = () => import("./job-table.tsx");
const bulkBar = () => import("./bulk-bar.tsx");
const listError = () => import("./list-error.tsx");
const listStates = () => import("./list-states.tsx");
const ownerBanner = () => import("../admin/owner-banner.tsx");

const ROW = "flex min-h-9 flex-wrap items-center justify-between gap-x-6 gap-y-2";

type Selection = ReturnType<typeof useSelection>;

function SelectionRow({ selection, empty }: { selection: Selection; empty: boolean }) {
  /** Stays true after the first selection, so that the result of a bulk action stays visible. */
  const [selected, setSelected] = useState(false);
  if (selection.jobs.length > 0 && !selected) setSelected(true);
  return (
    <div className={empty ? "contents" : ROW}>
      {empty ? null : (
        <label className="select-page">
          <input
            type="checkbox"
            className="size-4.5 accent-(--accent)"
            checked={selection.all}
            onChange={(event) => selection.setAll(event.target.checked)}
          />
          Select all on this page
        </label>
      )}
      {selected ? (
        <Deferred load={bulkBar}>{({ BulkBar }) => <BulkBar selection={selection} />}</Deferred>
      ) : null}
    </div>
  );
}

type Props = {
  /** `h1` on the page of videos, `h2` below the upload. */
  heading: "h1" | "h2";
  /** True while an upload is under way whose job will appear soon. */
  expecting?: boolean;
  /** Undefined if the page requests its list itself. */
  first: FirstPage | undefined;
  /** How the HTML shows the list. */
  firstView: View;
  /** The fields of the toolbar. */
  fields: ReactNode;
  /** Replace the list before the first response, and while nothing has been uploaded. */
  skeleton: ReactNode;
  noJobs: ReactNode;
};

/** The buttons and boxes of the server's HTML react from now on. */
function markReady(section: HTMLElement | null): void {
  if (section) section.dataset.ready = "";
}

function resumeDeletions(): void {
  if (!recalled(DELETIONS)) return;
  // Without a connection, the next list does it.
  import("./undo.tsx").then(
    (code) => code.resumeDeletions(),
    () => {},
  );
}

/** The list of videos with its heading, toolbar, selection and pager. */
export function JobsPanel(props: Props) {
  const { heading: Heading, expecting = false, first, fields, skeleton, noJobs } = props;
  const { filter, setFilter } = useFilter();
  const { owner } = filter;
  const { query, connection } = useJobs(filter, expecting, first);
  // A page of cards takes longer to render than a task may. Deferred, React renders a change in several tasks.
  const page = useDeferredValue(query.data) ?? query.data;
  const jobs = page?.jobs ?? [];
  const selection = useSelection(jobs);
  const nothing = page !== undefined && jobs.length === 0;
  useEffect(resumeDeletions, []);
  const { refetch } = query;
  // Many posters expire at the same time, and one response renews all.
  const renewPosters = useCallback(() => void refetch({ cancelRefetch: false }), [refetch]);
  const [view, setView] = useView(props.firstView);
  const list = {
    jobs,
    selection,
    listed: page?.now,
    stale: query.isPlaceholderData,
    onBrokenPoster: renewPosters,
  };
  const isFirstUse =
    nothing && !isFiltered(filter) && filter.cursor === undefined && page.cursor === undefined;

  return (
    <section ref={markReady} aria-labelledby="videos" className="space-y-5">
      {owner === undefined ? null : (
        <Deferred load={ownerBanner} fallback={<div className="mb-8 h-28 sm:h-15.5" />}>
          {({ OwnerBanner }) => <OwnerBanner owner={owner} />}
        </Deferred>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="flex items-center gap-4">
          <Heading id="videos" className="text-2xl font-semibold tracking-tight">
            Videos
          </Heading>
          <LiveToggle interrupted={connection === "interrupted"} />
        </div>
        {isFirstUse ? null : (
          <JobsToolbar
            filter={filter}
            setFilter={setFilter}
            view={view}
            setView={setView}
            fields={fields}
          />
        )}
      </div>
      <SelectionRow selection={selection} empty={jobs.length === 0} />
      {query.isPending ? skeleton : null}
      {query.isError && query.data === undefined ? (
        <Deferred load={listError}>
          {({ ListError }) => (
            <ListError message={query.error.message} onRetry={() => void query.refetch()} />
          )}
        </Deferred>
      ) : null}
      {jobs.length > 0 ? (
        view === "table" ? (
          <Deferred load={jobTable} fallback={skeleton}>
            {({ JobTable }) => <JobTable {...list} />}
          </Deferred>
        ) : (
          <JobList {...list} />
        )
      ) : null}
      {isFirstUse && owner === undefined ? noJobs : null}
      {nothing && !(isFirstUse && owner === undefined) ? (
        <Deferred load={listStates}>
          {({ EmptyList }) => (
            <EmptyList filter={filter} next={page.cursor} setFilter={setFilter} />
          )}
        </Deferred>
      ) : null}
      <Pager
        filter={filter}
        // The cursor of the previous filter is invalid for this one.
        next={nothing || query.isPlaceholderData ? undefined : query.data?.cursor}
        setFilter={setFilter}
      />
    </section>
  );
}
