import type { ReactNode } from "react";
import { RowItem, Rows, Section } from "../../components/ui/section.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";

/** Rows that are shown before "Show all". */
export const MOST_SHOWN = 3;

/** The heading of the unfinished uploads. The same before and after they have loaded. */
export function UnfinishedSection({ children }: { children: ReactNode }) {
  return (
    <div className="mt-8">
      <Section
        id="unfinished"
        title="Unfinished uploads"
        about="With the same file, an upload continues where it stopped."
      >
        {children}
      </Section>
    </div>
  );
}

/** As high as the list of so many uploads. */
export function UnfinishedSkeleton({ count }: { count: number }) {
  return (
    <UnfinishedSection>
      <Rows label="Unfinished uploads, loading">
        {[..."abcdefghijkl"].slice(0, count).map((key) => (
          <RowItem key={key} actions={<Skeleton className="h-9 w-50 pointer-coarse:h-11" />}>
            <Skeleton className="my-0.5 h-4 w-2/3" />
            <Skeleton className="mt-2 h-1.5 w-full" />
            <Skeleton className="mt-1.5 mb-0.5 h-4 w-1/2" />
          </RowItem>
        ))}
      </Rows>
    </UnfinishedSection>
  );
}
