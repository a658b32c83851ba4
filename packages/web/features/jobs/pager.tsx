"use client";

import { useRef } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Icon } from "../../components/ui/icon.tsx";
import { type Filter, isSearch } from "./list-filter.ts";

type Props = { filter: Filter; next?: string; setFilter(next: Filter): void };

/**
 * Pages by cursor. A cursor only leads forward, so the previous cursors are remembered. On a page that was
 * opened by its URL, "Newer" leads to the newest.
 */
export function Pager({ filter, next, setFilter }: Props) {
  const { sort = "newest" } = filter;
  const byTime = isSearch(filter) || sort === "newest";
  const previous = useRef(new Map<string, string | undefined>());
  if (next === undefined && filter.cursor === undefined) return null;

  function go(cursor: string | undefined) {
    if (cursor !== undefined && cursor === next) previous.current.set(cursor, filter.cursor);
    setFilter({ ...filter, cursor });
    document.getElementById("videos")?.scrollIntoView();
  }

  return (
    <nav aria-label="Pages of videos" className="flex justify-center gap-2">
      {filter.cursor === undefined ? null : (
        <>
          <Button onClick={() => go(undefined)}>{byTime ? "Newest" : "First page"}</Button>
          <Button onClick={() => go(previous.current.get(filter.cursor ?? ""))}>
            <Icon name="left" />
            {byTime ? "Newer" : "Previous"}
          </Button>
        </>
      )}
      {next === undefined ? null : (
        <Button onClick={() => go(next)}>
          {byTime ? "Older" : "Next"}
          <Icon name="right" />
        </Button>
      )}
    </nav>
  );
}
