import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { Notice } from "./notice.tsx";
import { Skeleton } from "./skeleton.tsx";

type Props<T> = {
  /** A query: what there is of it, or why there is nothing. */
  query: { data: T | undefined; error: Error | null; refetch(): unknown };
  /** What is loaded, as it stands in a sentence: "the tokens". */
  what: string;
  children(data: T): ReactNode;
};

/** What was asked for as soon as it is there; before that its shadow, or why it did not come. */
export function Loaded<T>({ query, what, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <Notice
        role="alert"
        tone="danger"
        title={`${what.charAt(0).toUpperCase()}${what.slice(1)} could not be loaded`}
        actions={
          <Button onClick={() => void query.refetch()}>
            <Icon name="retry" />
            Try again
          </Button>
        }
      >
        {query.error.message}
      </Notice>
    );
  }
  return <Loading what={what} />;
}

/** The shadow of what is being loaded. */
export function Loading({ what }: { what: string }) {
  return (
    <div role="status" className="space-y-3">
      <span className="sr-only">Loading {what}</span>
      <Skeleton className="h-14 w-full" />
      <Skeleton className="h-14 w-full" />
    </div>
  );
}
