import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "../../components/ui/button.tsx";
import { Loaded } from "../../components/ui/loaded.tsx";
import { Rows } from "../../components/ui/section.tsx";

type Props<P, T> = {
  query: UseInfiniteQueryResult<InfiniteData<P>>;
  /** The name of the content inside a sentence: "the users". */
  what: string;
  label: string;
  itemsOf(page: P): T[];
  empty: ReactNode;
  children(item: T): ReactNode;
};

/** All pages of a list that were loaded, and a button for the next one. */
export function PagedList<P, T>({ query, what, label, itemsOf, empty, children }: Props<P, T>) {
  return (
    <>
      <Loaded query={query} what={what}>
        {({ pages }) => {
          const items = pages.flatMap(itemsOf);
          return items.length === 0 ? empty : <Rows label={label}>{items.map(children)}</Rows>;
        }}
      </Loaded>
      {query.hasNextPage ? (
        <p className="flex justify-center">
          <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
            Show more
          </Button>
        </p>
      ) : null}
    </>
  );
}
