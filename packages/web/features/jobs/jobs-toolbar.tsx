"use client";

import { SORTS, type Sort } from "@rushes/core/job/sort";
import { STATUSES } from "@rushes/core/job/status";
import { useEffect, useId, useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Select, TextField } from "../../components/ui/field.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { type Filter, isSearch } from "./list-filter.ts";
import { statusLabel } from "./status-view.ts";

const DEBOUNCE_MS = 250;
const STATUS_OPTIONS = [
  { value: "", label: "All statuses" },
  ...STATUSES.map((status) => ({ value: status, label: statusLabel(status) })),
];
const SORT_OPTIONS = [
  { value: "newest", label: "Newest first" },
  { value: "oldest", label: "Oldest first" },
  { value: "name", label: "By name" },
] satisfies { value: Sort; label: string }[];

type Props = { filter: Filter; setFilter(next: Filter, how?: "push" | "replace"): void };

/** The search for words of the name, the filter by status, and the order. Each goes to the first page. */
export function JobsToolbar({ filter, setFilter }: Props) {
  const id = useId();
  const { status, tag, sort } = filter;
  const [text, setText] = useState(filter.q ?? "");
  const [applied, setApplied] = useState(filter.q);

  // Back, forward and "Show all videos" change the URL without the field.
  if (applied !== filter.q) {
    setApplied(filter.q);
    if (text.trim() !== (filter.q ?? "")) setText(filter.q ?? "");
  }

  useEffect(() => {
    const q = text.trim() || undefined;
    if (q === filter.q) return;
    const timer = setTimeout(() => setFilter({ status, tag, sort, q }, "replace"), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, filter.q, status, tag, sort, setFilter]);

  const q = text.trim() || undefined;

  return (
    <search className="flex w-full flex-wrap gap-2 sm:w-auto lg:flex-nowrap">
      {tag === undefined ? null : (
        <Button
          className="max-w-full"
          aria-label={`Tag ${tag}: show videos without it too`}
          onClick={() => setFilter({ status, sort, q })}
        >
          <bdi className="truncate">{tag}</bdi>
          <Icon name="close" />
        </Button>
      )}
      <TextField
        id={`${id}-q`}
        label="Search by name"
        hideLabel
        type="search"
        placeholder="Words of the name"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="w-full sm:w-60"
      />
      <Select
        id={`${id}-status`}
        label="Filter by status"
        hideLabel
        value={status ?? ""}
        onChange={(event) => {
          setFilter({
            q,
            tag,
            sort,
            status: STATUSES.find((known) => known === event.target.value),
          });
        }}
        className="min-w-0 flex-1 sm:w-40 sm:flex-none"
        options={STATUS_OPTIONS}
      />
      <Select
        id={`${id}-sort`}
        label="Sort"
        hideLabel
        // A search is always sorted so.
        disabled={isSearch({ q, tag })}
        value={!isSearch({ q, tag }) ? (sort ?? "newest") : "newest"}
        onChange={(event) => {
          const next = SORTS.find((known) => known === event.target.value);
          setFilter({ status, sort: next === "newest" ? undefined : next });
        }}
        className="min-w-0 flex-1 sm:w-40 sm:flex-none"
        options={SORT_OPTIONS}
      />
    </search>
  );
}
