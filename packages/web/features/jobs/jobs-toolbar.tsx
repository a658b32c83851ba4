"use client";

import { STATUSES } from "@rushes/core/job/status";
import { useEffect, useId, useState } from "react";
import { Select, TextField } from "../../components/ui/field.tsx";
import type { Filter } from "./list-filter.ts";
import { statusLabel } from "./status-view.ts";

const DEBOUNCE_MS = 250;
const OPTIONS = [
  { value: "", label: "All statuses" },
  ...STATUSES.map((status) => ({ value: status, label: statusLabel(status) })),
];

type Props = { filter: Filter; setFilter(next: Filter, how?: "push" | "replace"): void };

/** The search for words of the name, and the filter by status. Both go to the first page. */
export function JobsToolbar({ filter, setFilter }: Props) {
  const id = useId();
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
    const timer = setTimeout(() => setFilter({ status: filter.status, q }, "replace"), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, filter.q, filter.status, setFilter]);

  return (
    <search className="flex w-full gap-2 sm:w-auto">
      <TextField
        id={`${id}-q`}
        label="Search by name"
        hideLabel
        type="search"
        placeholder="Words of the name"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-w-36 flex-1 sm:w-60 sm:flex-none"
      />
      <Select
        id={`${id}-status`}
        label="Filter by status"
        hideLabel
        value={filter.status ?? ""}
        onChange={(event) => {
          const status = STATUSES.find((known) => known === event.target.value);
          setFilter({ q: text.trim() || undefined, status });
        }}
        className="w-40"
        options={OPTIONS}
      />
    </search>
  );
}
