"use client";

import {
  type FormEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
} from "react";
import { type Filter, isSearch, parseFilter } from "./list-filter.ts";
import { parseView, type View } from "./list-view.ts";

const DEBOUNCE_MS = 250;

type Props = {
  filter: Filter;
  setFilter(next: Filter, how?: "push" | "replace"): void;
  view: View;
  setView(view: View): void;
  /** See `ListFields`. */
  fields: ReactNode;
};

/** Sets a field directly, because the server has rendered it and no component does so again. */
function setField(form: HTMLFormElement | null, name: string, value = "", disabled = false) {
  // An input, a select, or the list of radio buttons, which ignores `disabled`.
  const field = form?.elements.namedItem(name);
  if (field) Object.assign(field, { value, disabled });
  // A tag is an option only once the counts have loaded.
  if (field instanceof HTMLSelectElement && field.value !== value) {
    field.add(new Option(value, value, false, true));
  }
}

/**
 * Sets the fields to the filter and the view, also when Back, Forward or "Show all videos" change it. Returns the
 * filter that they show: what is typed later must not be overwritten.
 */
function useShownFilter(
  form: RefObject<HTMLFormElement | null>,
  { q, status, tag, sort }: Filter,
  view: View,
) {
  const shown = useRef<Filter>(undefined);
  useEffect(() => {
    const show = (next: Filter) => {
      const searching = isSearch(next);
      setField(form.current, "status", next.status);
      setField(form.current, "tag", next.tag);
      // A search is always sorted by `newest`.
      setField(form.current, "sort", searching ? "" : next.sort, searching);
      if (!shown.current || shown.current.q !== next.q) setField(form.current, "q", next.q);
      shown.current = next;
    };
    show({ q, status, tag, sort });
    setField(form.current, "view", view);
    // Back right after a choice leads to the filter that is rendered still: then only the fields change.
    const back = () => show(parseFilter(new URLSearchParams(location.search)));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, [form, q, status, tag, sort, view]);
  return shown;
}

/** The search, the filters and the order of the list. Each change leads to the first page. */
export function JobsToolbar({ filter, setFilter, view, setView, fields }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    for (const field of form.current?.elements ?? []) Object.assign(field, { disabled: false });
  }, []);
  const shown = useShownFilter(form, filter, view);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(timer.current), []);

  function apply(how: "push" | "replace") {
    clearTimeout(timer.current);
    const data = new FormData(form.current ?? undefined);
    const next = parseFilter({ get: (name) => String(data.get(name) ?? "") });
    const { sort } = shown.current ?? {};
    shown.current = { sort, q: next.q };
    setFilter({ ...next, sort: data.has("sort") ? next.sort : sort }, how);
  }

  function change({ target }: FormEvent) {
    if (target instanceof HTMLInputElement && target.name === "view") {
      return setView(parseView(target.value));
    }
    clearTimeout(timer.current);
    if (target instanceof HTMLSelectElement) return apply("push");
    timer.current = setTimeout(() => apply("replace"), DEBOUNCE_MS);
  }

  const { owner } = filter;
  const count = useCallback(
    () =>
      import("./list-counts.ts")
        .then((code) => code.showCounts(form.current, owner))
        // Without a connection, the options stay without counts.
        .catch(() => {}),
    [owner],
  );
  useEffect(() => {
    // No pointer comes near before the first touch opens the tags.
    if (matchMedia("(pointer: coarse)").matches) void count();
  }, [count]);

  function submit(event: FormEvent) {
    event.preventDefault();
    apply("replace");
  }

  return (
    <search className="w-full sm:w-auto">
      <form
        ref={form}
        onChange={change}
        onSubmit={submit}
        onPointerEnter={count}
        onFocus={count}
        className="flex flex-wrap gap-2 lg:flex-nowrap"
      >
        {fields}
      </form>
    </search>
  );
}
