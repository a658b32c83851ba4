import type { Sort } from "@rushes/core/job/sort";
import { STATUSES } from "@rushes/core/job/status";
import { ActionIcon } from "../../components/ui/action-icon.tsx";
import { Select, TextField } from "../../components/ui/field.tsx";
import { statusLabel } from "./status-view.ts";

const STATUS_OPTIONS = [
  { value: "", label: "All statuses" },
  ...STATUSES.map((status) => ({ value: status, label: statusLabel(status) })),
];
const SORT_OPTIONS = [
  { value: "", label: "Newest first" },
  { value: "oldest", label: "Oldest first" },
  { value: "name", label: "By name" },
  { value: "length", label: "Longest first" },
  { value: "size", label: "Largest first" },
] satisfies { value: Sort | ""; label: string }[];

const VIEWS = [
  { view: "cards", label: "Cards", icon: "cards" },
  { view: "table", label: "Table", icon: "table" },
] as const;

/**
 * The fields of the list's toolbar: the search, the filters by status and by tag, and the order. The server renders them,
 * and `JobsToolbar` reads and sets their values by name. So their markup is no JavaScript of the page. It also enables
 * them: what is entered before would be lost.
 */
export function ListFields() {
  return (
    <>
      <TextField
        disabled
        id="list-q"
        name="q"
        label="Search videos"
        hideLabel
        type="search"
        placeholder="Title, tag or file name"
        autoComplete="off"
        className="min-w-0 flex-1 basis-48 sm:w-46 sm:flex-none"
      />
      <Select
        disabled
        id="list-status"
        name="status"
        label="Filter by status"
        hideLabel
        className="order-1 min-w-0 flex-1 basis-32 sm:order-none sm:w-34 sm:flex-none"
        options={STATUS_OPTIONS}
      />
      <Select
        disabled
        id="list-tag"
        name="tag"
        label="Filter by tag"
        hideLabel
        dir="auto"
        className="order-1 min-w-0 flex-1 basis-32 sm:order-none sm:w-34 sm:flex-none"
        // The tags come with their counts.
        options={[{ value: "", label: "All tags" }]}
      />
      <Select
        disabled
        id="list-sort"
        name="sort"
        label="Sort"
        hideLabel
        className="order-1 min-w-0 flex-1 basis-32 sm:order-none sm:w-34 sm:flex-none"
        options={SORT_OPTIONS}
      />
      <fieldset
        disabled
        className="flex shrink-0 rounded-lg border border-control bg-surface p-0.5"
      >
        <legend className="sr-only">View</legend>
        {VIEWS.map(({ view, label, icon }) => (
          <label
            key={view}
            title={label}
            className="flex w-8 cursor-pointer items-center justify-center rounded-md text-muted hover:text-ink has-checked:bg-accent-soft has-checked:text-accent-strong has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:w-11"
          >
            <input type="radio" name="view" value={view} className="sr-only" />
            <span className="sr-only">{label}</span>
            <ActionIcon name={icon} />
          </label>
        ))}
      </fieldset>
    </>
  );
}
