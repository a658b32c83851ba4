import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { Notice } from "./notice.tsx";
import { Skeleton } from "./skeleton.tsx";

type Props<T> = {
  /** A query with its data or error. */
  query: { data: T | undefined; error: Error | null; refetch(): unknown };
  /** The name of the content inside a sentence: "the tokens". */
  what: string;
  children(data: T): ReactNode;
};

/** Shows the data of a query, and before that a skeleton or the error. */
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
export function Loading({ what }: { what: string }) {
  return (
    <div role="status" className="space-y-3">
      <span className="sr-only">Loading {what}</span>
      <Skeleton className="h-14 w-full" />
      <Skeleton className="h-14 w-full" />
    </div>
  );
}
